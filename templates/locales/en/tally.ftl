## Two sentences: what came first, and how a tie was broken
tally-finding-none = No ballots came in
tally-finding-none-real-name = No real-name ballots came in
tally-finding-real-name = Among real-name ballots, { $finding }
tally-finding-one = “{ $first }” came first: { $often }
tally-finding-one-running = “{ $first }” leads so far: { $often }
tally-finding-two = “{ $first }” and “{ $second }” share the first place: { $often }
tally-finding-two-running = “{ $first }” and “{ $second }” share the lead so far: { $often }
tally-finding-many = { $count } options share the first place: { $often } each
tally-finding-many-running = { $count } options share the lead so far: { $often } each
tally-often-all = every ballot
tally-often-nearly-all = almost every ballot
tally-often-exactly = { $part ->
    [one] { $part } ballot in { $whole }
   *[other] { $part } ballots in { $whole }
}
tally-often-about = { $part ->
    [one] about { $part } ballot in { $whole }
   *[other] about { $part } ballots in { $whole }
}
tally-tie-two = { $codes } tie at { $votes }; by real-name votes, { $first } to { $second }, { $outcome }
tally-tie-many = { $codes } tie at { $votes }; by real-name votes ({ $numbers }), { $outcome }
tally-tie-mixed = { $codes } tie at { $votes }; by real-name votes ({ $numbers }), then by option number, { $outcome }
tally-tie-number = { $codes } tie at { $votes } with { $first } real-name votes each; by option number, { $outcome }
tally-tie-real-name = { $codes } tie at { $votes } real-name votes; by option number, { $outcome }
tally-tie-number-only = { $codes } tie at { $votes }; by option number, { $outcome }
tally-tie-selected = { $count ->
    [one] { $codes } is selected
   *[other] { $codes } are selected
}
tally-tie-order = the order is { $codes }
tally-otherwise-word = The other rule:
tally-otherwise-by-all = By all votes, anonymous ones included
tally-otherwise-by-real-name = By real-name votes alone
tally-otherwise-same = { $by }, the first { $n } would be the same.
tally-otherwise-differs = { $by }, { $moved ->
    [one] { $moved } of the first { $n } would be another
   *[other] { $moved } of the first { $n } would be others
}: { $in } in, { $out } out.
tally-stop = .{ " " }
tally-list-comma = ,{ " " }
tally-list-and = { $start } and { $end }
tally-list-order = { $start }, { $end }

## Results: while there are no votes to be seen
tally-crumbs = You are here
tally-campaigns = Campaigns
tally-results = Results
tally-wait-scheduled = Voting has not begun
tally-wait-voting = Voting is open
tally-wait-closed = Voting has closed; the count is under way
tally-wait-suspended = Voting is halted
tally-wait-cancelled = This campaign was cancelled
tally-wait-draft = This campaign is not published yet
tally-opens = Voting begins on { $day }
tally-closes = It closes on { $day } at { $time }
tally-rule-turnout = Until the count only turnout is shown. Staff cannot see more either
tally-rule-closed = While voting is open nothing is shown, not even to staff. All results follow after the count
tally-rule-live = This campaign shows the votes for each option while voting is open
tally-rule-count = After the close the running sums are first checked against a recount of every ballot; then the votes are published
tally-reason = Reason:{ " " }
tally-vote = Start voting
tally-to-campaign = About this campaign

## Results: the head
tally-running-word = Voting is open:
tally-running-text = the figures still change and the order is not final
tally-unchecked-word = Not yet checked:
tally-unchecked-text = voting has closed; the sums are still to be compared with a recount, and the order is not final
tally-preliminary-word = Preliminary result:
tally-preliminary-text = the votes agree with a recount of every ballot. The selection takes effect when two approvers have signed it
tally-imported-word = Imported vote:
tally-imported-text = the ballots come from a public file and were counted here one by one. Nothing is selected or dispatched
tally-as-of-now = As of { $moment }
tally-as-of-step = Updated at { $moment }
tally-steps = Until the count the figures move in steps: at least 50 more ballots of a way of voting at a time, at least ten minutes apart. The rest is shown with the count.
tally-too-few = Too few ballots have come in for figures to be shown.{ " " }
tally-as-of-counted = As of { $close }, { $time }; counted on { $counted }
tally-as-of-certified = As of { $close }, { $time }; counted on { $counted }, certified on { $certified }
tally-ballots = Ballots
tally-ballots-now = Ballots shown so far
tally-sum = = { $anonymous } anonymous + { $real } real-name
tally-sum-anonymous = All anonymous; too few real-name ballots to be shown yet
tally-sum-real-name = All real-name; too few anonymous ballots to be shown yet
tally-awaited = Not shown yet
tally-votes = Votes for all options
tally-votes-why = one ballot holds up to { $max }
tally-selected-count = Selected
tally-selected-of = the first { $n } of { $all }
tally-anonymous-only = anonymous ballots only
tally-not-people = Anonymous ballots are not people: one person can cast several

## Results: votes by option
tally-cut-gap = The first { $last } are selected: number { $last } is { $gap } { $unit } ahead of number { $next }
tally-cut-gap-running = Number { $last } is { $gap } { $unit } ahead of number { $next } so far
tally-cut-tie = Numbers { $last } and { $next } have equal votes; the published rule tells them apart
tally-cut-none = Number 1 is { $gap } { $unit } ahead of number 2
tally-unit = votes
tally-unit-real-name = real-name votes
tally-cut-one = Votes by option
tally-reading = “{ $share }” is votes out of { $ballots } ballots. A ballot holds up to { $max } ticks, so the column does not add up to 100%.
tally-reading-real-name = { " " }Only real-name votes decide the order; anonymous votes are shown beside them.
tally-reading-cut = { " " }The { $n } options above the dashed line are selected.
tally-reading-cut-running = { " " }The dashed line shows the first { $n } as they stand.
tally-caption = { $name }: votes by option
tally-anonymous = Anonymous
tally-real-name = Real name
tally-votes-short = Votes
tally-share = Of ballots
tally-share-real-name = Of real-name ballots
tally-rank = Rank
tally-rank-option = Rank and option
tally-option = Option
tally-votes-all = Votes
tally-votes-anonymous = Anonymous
tally-votes-real-name = Real name
tally-selected-head = Selected
tally-note-real-name = { $code }, { $votes } real-name
tally-note-anonymous = { $code }, { $votes } anonymous besides
tally-note-not-selected = { $note }, not selected
tally-note-tie = { $note }, tied, not selected
tally-note-tie-selected = { $note }, tied, selected
tally-yes = Selected
tally-no = Not selected: ranks behind number { $n }
tally-yes-running = Among the first { $n } so far
tally-no-running = Not among the first { $n } so far
tally-source = Source: all ballots at the count.
tally-source-running = Source: the ballots that the last update showed, without the rest.
tally-table = Full table
tally-tie-word = Tie:

## Results: by province
tally-provinces = By province
tally-provinces-later = Figures by province follow after the count: from two looks at them in a row one could tell what a single ballot chose
tally-place = Province
tally-place-all = All provinces
tally-place-show = Show this province
tally-place-finding = { $place }: “{ $first }” came first, { $often }
tally-place-real-name = { $place } (real name)
tally-place-few = { $place } has fewer than 20 ballots and is not compared
tally-place-ballots = Ballots in { $place }: { $n }, { $share }% of all { $all }
tally-place-caption = { $place } beside all provinces: share of ballots by option
tally-place-note = { $code }, { $place } no. { $there }, overall no. { $all }
tally-place-note-few = { $code }, overall no. { $all }
tally-place-share = { $place }
tally-place-national = All
tally-place-diff = Difference (points)
tally-place-apart = Gap
tally-place-rank = Rank in { $place }
tally-national-rank = Rank overall
tally-key-few = [c] fewer than 20 ballots, not shown
tally-key-merged = [m] fewer than 10, counted under “Merged”
tally-key-joint = ;{ " " }
tally-provinces-caption = Ballots by province
tally-provinces-lead = How many ballots each province cast, and where another option comes first.
tally-provinces-most = { $place } cast the most ballots: { $n }, { $share } of all
tally-provinces-nation = First over all provinces: “{ $title }”, { $share }% ({ $votes }/{ $ballots }). Where another option comes first, the row of the province says so.
tally-provinces-other = First there: “{ $title }”, { $share }% ({ $votes }/{ $ballots })
tally-provinces-differs = Where it differs
tally-provinces-parts = Anonymous + real name
tally-plus = { " + " }
tally-provinces-note-elsewhere = fewer than 10, counted under “Merged” below
tally-first = “{ $title }” { $share }%
tally-provinces-share = Of all
tally-provinces-first = First there
tally-provinces-first-real-name = First there by real name
tally-merged = Merged
tally-total = Total

## Results: how it was counted and who signed
tally-aside-rule = How options are ranked
tally-rule-imported = { $ranking }.{ " " }
tally-rule-before = { $ranking }. The rule was published before voting.{ " " }
tally-rule-name = Rule: { $rule }
tally-aside-signed = Who signed
tally-signed-none = Not signed yet
tally-signed-on = signed on { $day }
tally-aside-digest = Digest of the count
tally-digest-text = Taken line by line over every published cell (option, province, way of voting, number); anybody can take it again from the data.
tally-aside-data = Data
tally-data-tally = Votes by cell (JSON)
tally-data-ranking = Ranking (JSON)
tally-data-verify = How to check this vote yourself
tally-data-log = The public ballot log, to count again
tally-aside-witnesses = Witnesses
tally-witness-cosigned = cosigned the log on { $moment }
tally-witness-waits = has not cosigned the newest state of the log
tally-witnesses-text = Run by others than this site. A witness cosigns only when nothing in the log was removed or changed since it last looked.
tally-csv = Download the results (CSV)
tally-csv-plain = Votes (CSV for programs)

## The file
tally-file-address = Address
tally-file-as-of = Time
tally-file-status = Status
tally-file-steps = Note
tally-file-final = Certified
tally-file-counted = Preliminary
tally-file-running = Voting is open, not final
tally-file-unchecked = Not yet checked, not final
tally-file-waiting = Votes by option are not yet published
tally-file-imported = Imported vote
tally-file-code = Code
tally-file-track = Way of voting

## The desk: count and selection
tally-desk-title = Count and selection: { $name }
tally-desk-count = Count
tally-desk-shown = { $n } (updated at { $moment })
tally-desk-count-early = Voting closes on { $day } at { $time }; it can be counted after that
tally-desk-count-ready = Voting has closed. Counting seals the ballot paper and compares the running sums with a recount of every ballot; where they differ nothing is stored.
tally-desk-count-button = Count the ballots
tally-desk-count-who = Counting is done by an organiser:{ " " }
tally-desk-counted = Sums and recount agree
tally-desk-counted-on = Counted on { $moment }
tally-desk-compare = Running sums and recount
tally-desk-figure = Figure
tally-desk-kept = Running sum
tally-desk-recounted = Recount
tally-desk-differs = { $n ->
    [one] Sums and recount differ in { $n } cell; nothing was stored
   *[other] Sums and recount differ in { $n } cells; nothing was stored
}
tally-desk-differs-what = Find out why before counting again. The ballots were not touched.
tally-desk-differs-more = { $n } more are not listed
tally-desk-cell = Cell
tally-desk-cell-ballots = Ballots
tally-desk-gap = Difference
tally-desk-again = Count again
tally-desk-select = Selection
tally-desk-select-early = It is drawn up after the count
tally-desk-select-never = This campaign is only counted; nothing is selected
tally-desk-select-ready = The published rule takes the first { $n }. This is how it will be published.
tally-desk-select-button = Draw up the selection
tally-desk-select-again = Draw it up again
tally-desk-select-who = The selection is drawn up by an organiser:{ " " }
tally-desk-ranking = The ranking as it will be published
tally-desk-ranking-out = The published ranking
tally-desk-signatures = Signatures
tally-desk-proposed = Drawn up
tally-desk-first = First approver
tally-desk-second = Second approver
tally-desk-not-signed = Not yet signed
tally-desk-sign = Sign the selection
tally-desk-sign-means = A signature cannot be taken back. With two, the { $n } selected options become issues and can be dispatched.
tally-desk-sign-who = Those who can still sign: { $names }
tally-desk-sign-nobody = No approver can sign now. It takes two, and neither may have written the campaign or drawn up the selection
tally-desk-certified = Two approvers have signed; the result is published
tally-desk-public = See the published result
tally-desk-back = Back to the campaign
tally-desk-done-count = Counted: { $ballots } ballots; sums and recount agree
tally-desk-done-select = The selection is drawn up and waits for two signatures
tally-desk-done-sign-first = Signed; one more approver is needed
tally-desk-done-sign-second = Signed; the selection takes effect and the result is published
tally-desk-person = { $name } ({ $office })

## Refusals
error-tally-register = There are { $ballots } real-name ballots, and the register knows { $people } people: it was lost, or an old copy was put back. Nothing was counted; put the register back first
error-tally-unequal = The public log, the ballot box and the running sums differ ({ $what }). Nothing was stored or signed; tell a system administrator to look at the database
error-tally-unsigned = The stored count is not the one that was signed, so it is not shown. The signed count is in the public log: /log/{ $campaign }/tally
error-tally-unsettled = Voting has only just closed. A count cannot be taken back, so it has to wait in case the clock is wrong: count again in { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }, or leave it to the system. No ballot is affected
error-tally-unsteady = The server has just started, or its clock has jumped. A count cannot be taken back, so it has to wait until the clock has been steady for { $minutes ->
        [one] { $minutes } more minute
       *[other] { $minutes } more minutes
    }. If the time on the server is wrong, have the system administrator correct it. No ballot is affected
error-tally-differs = The running sums and the recount differ; nothing was stored
error-tally-hidden = { $shown ->
    [turnout] Until the count only turnout is shown. Staff cannot see more either
    [few] Too few ballots have come in for figures to be shown
    [none] There are no votes to be published yet
   *[closed] While voting is open nothing is shown, not even to staff. All results follow after the count
}
error-tally-place = There is no such province; choose one from the list
error-selection-no-cut = This campaign is only counted; nothing is selected
error-selection-none = The selection is not drawn up yet
error-selection-signed = Somebody has signed; the selection can no longer be changed
error-selection-author = The people who wrote the campaign or drew up the selection cannot sign it; another approver must
error-selection-twice = The same person cannot sign twice; another approver must
error-selection-changed = Somebody signed just now. Look at it again before signing

## Rules that make ballots void
tally-rules-link = Make ballots void by rule
tally-rules-title = Make ballots void by rule
tally-rules-lead = Ballots are never deleted. Those that meet a rule are listed one by one in new entries of the public log and no longer count; the ballots stay in the log, and anybody can check them.
tally-rules-list = Rules
tally-rules-none = No ballots of this campaign were made void
tally-rules-new = A new rule
tally-rules-new-text = Try it first, then propose it. A rule goes by what the public log shows; all conditions that are given have to be met. It takes effect when two approvers have signed, neither of whom wrote the campaign or proposed the rule. Once somebody has signed the selection no ballot can be made void.
tally-rules-any = Any
tally-rules-track-anonymous = Anonymous ballots
tally-rules-track-real-name = Real-name ballots
tally-rules-field-track = Way of voting
tally-rules-field-province = Province code of the place
tally-rules-hint-province = Six digits, such as 320000. Ballots counted as “merged” are not met
tally-rules-field-blocks = Blocks of anonymous passes
tally-rules-hint-blocks = 4,096 anonymous passes share a block, named by eight hexadecimal digits; try other conditions first to see the blocks
tally-rules-block = { $block } has { $n }
tally-rules-blocks = Blocks among them:
tally-rules-field-batches = Sealed batches
tally-rules-hint-batches = Counted from 1, such as 1 or 1-3
tally-rules-field-choices = Exactly these options
tally-rules-hint-choices = Codes of options, parted by blanks or commas
tally-rules-field-reason = Reason
tally-rules-hint-reason = Say why; everybody reads it. At most 500 characters
tally-rules-see = See what it would change
tally-rules-more = { $n } more are not listed
tally-rules-try = Try it
tally-rules-propose = Propose this rule
tally-rules-meets = { $n ->
    [one] One ballot is met: { $criteria }
   *[other] { $n } ballots are met: { $criteria }
}
tally-rules-no-change = No rank and no votes would change
tally-rules-changes = Options that would change
tally-rules-option = Option
tally-rules-votes = Votes now
tally-rules-votes-after = Votes after
tally-rules-rank = Rank now
tally-rules-rank-after = Rank after
tally-rules-selected = Selection
tally-rules-falls-out = Falls out
tally-rules-comes-in = Comes in
tally-rules-what = { $n ->
    [one] Rule { $number }: one ballot, { $criteria }
   *[other] Rule { $number }: { $n } ballots, { $criteria }
}
tally-rules-said-province = place { $code }
tally-rules-said-blocks = blocks of anonymous passes { $range }
tally-rules-said-batches = batches { $range }
tally-rules-said-choices = exactly { $codes } ticked
tally-rules-and = ,{ " " }
tally-rules-proposed = Proposed
tally-rules-applied = Written to the log
tally-rules-sign = Sign the rule
tally-rules-sign-means = A signature cannot be taken back. With two, the log lists these ballots, the votes are counted again, and a selection that nobody has signed is dropped.
tally-rules-withdraw = Withdraw the rule
tally-rules-state-proposed = Waits for the first approver
tally-rules-state-signed-once = Waits for the second approver
tally-rules-state-signed = Approved, being written to the log
tally-rules-state-applied = In effect
tally-rules-state-withdrawn = Withdrawn
tally-rules-done-proposal = The rule is proposed and waits for two signatures
tally-rules-done-signature = Signed
tally-rules-done-withdrawal = The rule is withdrawn
tally-rules-signed = { $office }, { $day }
tally-aside-invalidated = Void ballots
tally-invalidated-sum = { $included } ballots are in the log, { $void } were made void by rule, { $counted } count
error-invalidation-track = A ballot is anonymous or real-name
error-invalidation-province = A province code has six digits
error-invalidation-blocks = A block is named by eight hexadecimal digits; part them by blanks or commas
error-invalidation-many-blocks = A rule names { $most } blocks at most; make two rules of it
error-invalidation-range = Write one number, or two in ascending order, such as 7-9
error-invalidation-everything = Give at least one condition; not all ballots can be made void
error-invalidation-nothing = No ballot meets these conditions
error-invalidation-open = One rule is not finished. Sign it or withdraw it first
error-invalidation-decided = This rule is finished or withdrawn
error-invalidation-author = The people who wrote the campaign or proposed the rule cannot sign it; another approver must
error-invalidation-twice = The same person cannot sign twice; another approver must
error-invalidation-changed = The ballots that meet the rule are no longer those that were signed for. Look at it again before signing
error-invalidation-moved = Another rule was decided while this one was tried, and may have taken some of its ballots. Try it again before proposing it
tally-final-first = This is the first of two signatures; another approver signs after it. After both, the first { $n } options become issues, the results are published at once, and they can go to { $units } provinces: { $assignments } assignments.
tally-final-second = This is the second signature and takes effect at once: the first { $n } options become issues, the results are published, and they can go to { $units } provinces: { $assignments } assignments.
tally-final-lasting = A signature cannot be taken back. A signed selection cannot be drawn up again, and no ballot can be made void after it.
tally-final-selected = The { $n } selected
tally-final-tie = Tie
tally-final-count = Based on the count
tally-final-count-text = { $n } ballots, counted on { $moment }
tally-final-step = { $who }, { $moment }
tally-final-back = Back to count and selection
tally-final-back-rules = Back to the rules
tally-final-rule = Rule
tally-final-reason = Reason
tally-final-rule-first = This is the first of two signatures; another approver signs after it. After both, { $n } ballots are void and the votes are counted again.
tally-final-rule-second = This is the second signature and takes effect at once: { $n } ballots are void, the votes are counted again, and a selection that nobody signed is dropped.
tally-final-rule-lasting = A signature cannot be taken back, and void ballots do not come back. Rule, reason and the offices of both signers go into the public log.
