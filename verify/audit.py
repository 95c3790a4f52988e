#!/usr/bin/env python3
"""Check an exported audit trail: python3 audit.py DIR [CHECKPOINT ...]

DIR is what `shudu audit export` wrote: entries.jsonl, key and history/; more checkpoints are what somebody kept elsewhere.
It needs Python 3.9 or newer and verify.py beside it. docs/audit.md says what is hashed. Exit status: 0, or 1 when
something is wrong (one line names the entry or the file), or 2 when it could not be tried.
"""

import hashlib
import json
import os
import sys

from verify import Flaw, Refused, Unreachable, kept_note, naming, parse_checkpoint, parse_key, read_file

FIELDS = ("at", "system_at", "actor", "capacity", "on_behalf_of", "act", "object", "detail", "commitments")


def digest(*parts):
    parts = [part.encode() for part in parts]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()


def follow(lines):
    """The hashes of the chain: that of entry n stands at place n."""
    hashes = ["0" * 64]
    for number, line in enumerate(lines, start=1):
        with naming(f"entry {number}"):
            try:
                entry = json.loads(line)
                texts = [entry[field] for field in FIELDS]
                found = digest("shudu/audit/1", str(number), hashes[-1], *texts)
            except (ValueError, LookupError, TypeError, AttributeError):
                raise Flaw("is no line of a trail") from None
            if entry.get("number") != number:
                raise Flaw(f"is missing: number {entry.get('number')} stands in its place")
            if entry.get("hash") != found:
                raise Flaw("is not what was recorded, or not what followed the entry before it")
        hashes.append(found)
    return hashes


def compare(hashes, file, read, key):
    with naming(file):
        checkpoint = parse_checkpoint(read(file), key)
        if checkpoint.size >= len(hashes):
            raise Flaw(f"{checkpoint.size} entries were signed, and entry {len(hashes)} is missing")
        if hashes[checkpoint.size] != checkpoint.root.hex():
            raise Flaw(f"entry {checkpoint.size}, or one before it, was another when this was signed")
    return checkpoint.size


def check(folder, kept):
    hashes = follow(read_file(os.path.join(folder, "entries.jsonl")).decode().splitlines())
    history = os.path.join(folder, "history")
    files = [os.path.join(history, name) for name in os.listdir(history)] if os.path.isdir(history) else []
    covered = 0
    if files or kept:
        with naming("key"):
            key = parse_key(read_file(os.path.join(folder, "key")).decode().strip(), ".+/audit")
        notes = [(file, read_file) for file in files] + [(file, kept_note) for file in kept]
        covered = max(compare(hashes, file, read, key) for file, read in notes)
    print(f"{len(hashes) - 1} entries hold together; {len(files) + len(kept)} checkpoints agree and cover {covered} of them")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        check(sys.argv[1], sys.argv[2:])
    except Refused as refusal:
        sys.exit(print(f"BROKEN  {refusal}", file=sys.stderr) or 1)
    except (OSError, Unreachable) as error:
        sys.exit(print(f"NOT CHECKED  {error}", file=sys.stderr) or 2)
