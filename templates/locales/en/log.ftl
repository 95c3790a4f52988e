## Folders of the public log
log-title = Public log
log-lead = The ballots and the count of every vote are here. Anybody may download them and count again. The signatures of the audit trail are here too.
log-title-of = Ballot log: { $name }
log-lead-of = All public files of this vote. While voting runs only hashes are public; after the count every ballot is. The log holds nothing about who voted.
log-title-within = { $folder } in the log
log-trail = Signatures of the audit trail
log-trail-lead = Every act of staff is recorded in a chain of hashes. The signature of the end of the chain is published here from time to time; whoever kept an older one can tell later whether the record was changed. The record itself is not public.
log-trail-checkpoint = The newest signature
log-trail-history = Earlier signatures, one a file, never changed
log-trail-key = The public key of the signatures; compare it with a copy from elsewhere
log-file-batches = The number of entries after each sealed batch
log-file-checkpoint = The newest signature: number of entries, hash of all of them, and the signatures of witnesses
log-file-history = The signature of every batch, one a file, never changed
log-file-key = The public key of the signatures; compare it with a copy from elsewhere
log-file-places = The places of the ballots; places with few ballots are left out
log-file-questionnaire = Options, rules and the number of choices, fixed before the vote
log-file-tally = The signed count
log-file-tile = The tree of hashes; after the count every single ballot too (entries)
log-within-history = Each file is the signature of one batch; its name is the number of entries by then.
log-within-tile = The tree of hashes, a folder for each level; the ballots are in entries.
log-within-entries = Each file holds up to 256 ballots in a fixed format, which the verifier reads.
log-within-places = Each file holds the places of up to 256 ballots in a fixed format, which the verifier reads.
log-none = There is no file here yet.
log-caption = { $n ->
    [one] { $n } entry, files of { $bytes } bytes
   *[other] { $n } entries, files of { $bytes } bytes
}
log-name = File
log-what = Content
log-size = Size
log-bytes = { $n } bytes
log-use = How to use it
log-use-verify = The verifier reads these files, counts again and compares the count with the published one:
log-use-copy = For a complete copy, run this line in a terminal:
log-use-campaign = The campaign of this log
