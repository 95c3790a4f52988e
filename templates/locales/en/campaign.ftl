## Phases of a campaign
campaign-phase-draft = Being written
campaign-phase-in-review = Waiting for approval
campaign-phase-scheduled = Not open yet
campaign-phase-voting = Voting is open
campaign-phase-closed = Being counted
campaign-phase-tallied = Counted
campaign-phase-certified = Results published
campaign-phase-dispatched = With the provinces
campaign-phase-suspended = Halted
campaign-phase-cancelled = Cancelled

## Where it stands, in one sentence
campaign-sentence-draft = Voting is planned from { $opens_time } on { $opens } to { $closes_time } on { $closes }
campaign-sentence-in-review = Voting is planned from { $opens_time } on { $opens } to { $closes_time } on { $closes }
campaign-sentence-scheduled = Voting runs from { $opens_time } on { $opens } to { $closes_time } on { $closes }
campaign-sentence-voting = Vote until { $closes_time } on { $closes }
campaign-sentence-closed = Voting closed at { $closes_time } on { $closes }; the ballots are being counted
campaign-sentence-tallied = The votes are counted. The selection is published once two approvers have signed
campaign-sentence-counted = Voting closed at { $closes_time } on { $closes }; the ballots are counted
campaign-sentence-certified = The results are out; next they go to the provinces
campaign-sentence-dispatched = { $count } issues are with the provinces, being fixed and checked
campaign-sentence-suspended = Voting is halted; it was to close at { $closes_time } on { $closes }
campaign-sentence-cancelled = The campaign is cancelled; there is no vote
campaign-day = { $weekday } { $day }
campaign-weekday-1 = Monday
campaign-weekday-2 = Tuesday
campaign-weekday-3 = Wednesday
campaign-weekday-4 = Thursday
campaign-weekday-5 = Friday
campaign-weekday-6 = Saturday
campaign-weekday-7 = Sunday
campaign-list-joint = ,{ " " }
campaign-sentence-joint = ;{ " " }

## List of campaigns
campaign-list-title = Campaigns
campaign-list-lead = Vote for what blocks people; the provinces fix it by a set date.
campaign-list-open = Open for voting
campaign-list-coming = Not open yet, or halted
campaign-list-over = Voting is over
campaign-list-none = No campaign has been published yet
campaign-list-none-why = Once one is approved, its dates and rules stand here.
campaign-vote = Start voting
campaign-vote-note = About 1 minute, no account needed

## One campaign
campaign-crumbs = Where you are
campaign-hosts-none = Choose among { $n } bodies
campaign-hosts-ticked = Chosen: { $names }
campaign-units-everywhere = All { $n } provinces
campaign-units-ticked = { $n } of { $all } provinces chosen
campaign-preview-other = The ballot in Chinese
campaign-steps = Steps of the campaign:{ " " }
campaign-step-source = Collect
campaign-step-vote = Vote
campaign-step-count = Count
campaign-step-dispatch = Dispatch
campaign-step-fix = Fix
campaign-step-verify = Verify
campaign-halt-suspended = Voting is halted:
campaign-halt-since = Halted since { $since }
campaign-halt-unconfirmed = Halted since { $since }; no approver has confirmed it. Unless one does, voting goes on by itself at { $until }.
campaign-halt-confirmed = Halted since { $since }, confirmed by { $office }
campaign-halt-cancelled = The campaign is cancelled:
campaign-halt-reason = Reason: { $reason }
campaign-scheduled-note = Once voting opens, you enter from here.
campaign-closed-note = The running count is being compared with a count of every ballot. It is published only if both agree.
campaign-see-results = See the results
campaign-see-turnout = See the turnout
campaign-see-running = See the votes so far
campaign-see-progress = See the progress
campaign-rules = Rules
campaign-rules-frozen = Options and rules are fixed from publication on; nobody can change them.
campaign-rules-in-review = Waiting for approval, so they cannot be changed for now; after a return they can.
campaign-units-all = The provinces
campaign-hosts = Hosts
campaign-hash = Fingerprint of the options
campaign-hash-means = If one letter of an option changed, it would be another. Every ballot carries it.
campaign-views = { $count ->
    [one] Viewed once
   *[other] Viewed { $n } times
} ({ $since } to { $until })
campaign-views-means = How this is counted
campaign-data = Data
campaign-data-rules = Rules (JSON)
campaign-data-questionnaire = Options (JSON)
campaign-concentration = How concentrated today’s anonymous ballots are
campaign-concentration-hint = By networks, of the anonymous ballots given out. No share is shown where there are fewer than 11 networks or the ten busiest took fewer than 50; an address is never shown.
campaign-concentration-addresses = Share of the ten busiest network addresses
campaign-concentration-routed = Share of the ten busiest groups of neighbouring addresses
campaign-concentration-percent = { $percent } %
campaign-concentration-few = Too few to show
campaign-history = History

## Rules
campaign-rule-time = Voting
campaign-rule-time-text = { $opens_time } on { $opens } to { $closes_time } on { $closes }, { $days ->
    [one] { $days } day
   *[other] { $days } days
}
campaign-rule-choices = One ballot
campaign-rule-choices-text = { $most ->
    [one] { $most } option
   *[other] Up to { $most } options
}; it cannot be changed once cast
campaign-rule-tracks = Ways to vote
campaign-rule-tracks-both = Anonymous or by real name, as you choose; counted and shown apart. Anonymous ballots are not people: one person can cast several
campaign-rule-tracks-anonymous = Anonymous only. Anonymous ballots are not people: one person can cast several
campaign-rule-tracks-real-name = By real name only
campaign-rule-cap = Against ballot stuffing
campaign-rule-cap-text = At most { $cap } anonymous ballots a day from one network address. The more it casts, the longer browsers work, up to about { $seconds } seconds on a phone. Voting by real name is not limited
campaign-rule-display = While voting is open
campaign-display-turnout = Only turnout is shown, in steps of at least 50 ballots, and no option counts. Staff cannot see more either
campaign-display-live = Turnout and option counts are shown, in steps of at least 50 ballots
campaign-display-closed = No figures are shown. Staff cannot see any either
campaign-rule-selection = Selection
campaign-rule-selection-text = The first { $count } options are selected as issues. { $ranking }
campaign-ranking-real-name = Real-name votes decide the order; ties go to the lower option number. Anonymous votes are shown beside them and decide nothing
campaign-ranking-all = All votes, anonymous and real-name ones together, decide the order; ties are decided by real-name votes, then by the lower option number
campaign-ranking-one-track = The votes decide the order; ties go to the lower option number
campaign-rule-units = Dispatched to
campaign-rule-units-text = { $count } provinces; every issue goes to each of them
campaign-rule-acknowledgement = Acknowledgement
campaign-rule-acknowledgement-text = Acknowledged or returned within { $days ->
    [one] { $days } working day
   *[other] { $days } working days
} of dispatch
campaign-rule-deadline = Deadline
campaign-rule-deadline-on = { $day }; if that is a day off, the next working day
campaign-rule-deadline-days = { $days ->
    [one] { $days } working day
   *[other] { $days } working days
} after dispatch; the day of dispatch does not count

## History
campaign-act-creation = Draft made
campaign-act-submission = Handed in for approval
campaign-act-sending-back = Sent back
campaign-act-publication = Approved and published
campaign-act-suspension = Halted
campaign-act-halt-request = An approver was asked for a halt
campaign-act-halt-confirmation = Halt confirmed by an approver
campaign-act-halt-lapse = Halt not confirmed, ended by itself
campaign-act-resumption = Resumed
campaign-act-cancellation = Cancelled
campaign-act-tally = Counted
campaign-act-certification = Results published
campaign-act-dispatch = Sent to the provinces
campaign-act-because = { $act }: { $reason }

## Desk: the board
campaign-board-title = Campaigns
campaign-board-lead = { $count ->
    [one] { $count } campaign
   *[other] { $count } campaigns
}; { $mine } for me to act on
campaign-board-caption = Where every campaign stands
campaign-board-campaign = Campaign
campaign-board-phase = Phase
campaign-board-next = Next date
campaign-board-waits = Waits for
campaign-board-mine = For me:
campaign-board-none = There is no campaign yet
campaign-board-none-why = An organiser makes one, writes its rules and uploads its options.
campaign-new = New campaign
campaign-next-opens = opens
campaign-next-closes = closes
campaign-waits-draft = An organiser has to finish it and hand it in
campaign-waits-scheduled = The opening
campaign-waits-voting = Voting is under way
campaign-waits-closed = An organiser has to count
campaign-waits-counted = The organiser has to propose the selection
campaign-waits-tallied = Approvers have to sign the selection
campaign-waits-certified = An approver has to dispatch
campaign-waits-dispatched = The provinces are working on it
campaign-waits-suspended = An organiser or approver has to resume it
campaign-waits-halt = An approver has to confirm the halt
campaign-waits-cancelled = Over
campaign-waits-nobody = Over
campaign-person = { $name } ({ $office })
campaign-publishers = Can approve: { $names }
campaign-publishers-none = Nobody can approve: the author and whoever handed it in cannot. A system administrator has to add an approver.

## Desk: one campaign
campaign-overview-lead = { $phase }. { $sentence }
campaign-problems = { $count ->
    [one] { $count } thing needs
   *[other] { $count } things need
} changing. Everything entered is still here
campaign-not-done = Not done. Everything entered is still here
campaign-to-overview = Back to the campaign
campaign-public-page = See the public page
campaign-parts = Parts
campaign-part-rules = Rules
campaign-part-rules-open = Complete, can be changed
campaign-part-rules-act = Change rules
campaign-part-frozen = Cannot be changed
campaign-part-in-review = Waits for approval, not to be changed now
campaign-part-options = Options
campaign-part-options-few = { $count }, at least { $least } needed
campaign-part-options-there = { $count ->
    [one] { $count } option
   *[other] { $count } options
}
campaign-part-options-act = Upload options
campaign-part-preview = The ballot
campaign-part-preview-both = In Chinese and in English
campaign-part-preview-act = Preview the ballot
campaign-part-approval = Approval
campaign-part-approval-open = Written by { $author }. Can approve: { $names }
campaign-part-approval-nobody = Written by { $author }. Nobody else can approve; a system administrator has to add an approver
campaign-part-approval-done = Written by { $author }, approved by { $approver } on { $at }
campaign-part-tally = Count and selection
campaign-part-tally-closed = To be counted
campaign-part-tally-counted = Selection to be proposed
campaign-part-tally-tallied = To be signed
campaign-part-tally-done = Done
campaign-part-tally-act = Open the count
campaign-part-dispatch = Dispatch
campaign-part-dispatch-certified = To be dispatched
campaign-part-dispatch-dispatched = Done
campaign-part-dispatch-act = Open the dispatch
campaign-checks = Automatic checks
campaign-check-good = Good:{ " " }
campaign-check-look = Note:{ " " }
campaign-check-bad = Not ready:{ " " }
campaign-check-options-good = { $count } options, at least { $least } needed
campaign-check-options-bad = Only { $count ->
    [one] { $count } option
   *[other] { $count } options
}, at least { $least } needed
campaign-check-opening-good = The opening lies ahead
campaign-check-opening-look = The opening has passed; voting opens at once when this is published
campaign-check-opening-bad = The closing has passed; change the dates first
campaign-check-languages-good = Every option is in Chinese and in English
campaign-check-languages-bad = Without English: { $list }
campaign-check-twins-good = No two options look the same
campaign-check-twins-bad = Look the same as an option before them: { $list }
campaign-check-english-twins-good = No two options look the same in English
campaign-check-english-twins-look = In English the same as an option before them: { $list }
campaign-check-numbers-good = Option numbers run on from 1
campaign-check-numbers-look = Option numbers have gaps
campaign-check-themes-good = { $count } themes
campaign-check-themes-look = { $count ->
    [one] { $count } theme
   *[other] { $count } themes
}; 2 to { $most } are easiest to search
campaign-check-steering-good = No option names a department
campaign-check-steering-look = These options name a department, which steers voters: { $list }
campaign-check-ranking-good = Ranking rule { $rule }: anonymous votes do not decide
campaign-check-ranking-look = Ranking rule { $rule }: anonymous votes decide too. One person can cast several, so whoever stuffs them can change the { $top } that are selected
campaign-check-identity-good = This site can check who votes by real name
campaign-check-identity-look = This site has no identity source yet; until it has one nobody can vote by real name
campaign-check-calendar-good = The holidays of every year on the way are loaded
campaign-check-calendar-look = The holidays of { $list } are not loaded; plain weekends count for now
campaign-moves = Next step
campaign-moves-none = Nothing to do here now.
campaign-moves-elsewhere = Counting, signing and dispatch are done on their own pages, opened above.
campaign-barred = Not to be approved by the same person
campaign-own = A campaign cannot be approved by the people who wrote it or handed it in.{ " " }
campaign-reason = Reason
campaign-reason-sending-back = For the author: what has to change
campaign-reason-halt-request = For the approver, and for everybody once confirmed
campaign-reason-suspension = Everybody will read it
campaign-reason-of-draft = Staff will read it
campaign-reason-cancellation = Everybody will read it
campaign-move-submission = Hand in for approval
campaign-move-submission-means = It cannot be changed after this, unless an approver sends it back.
campaign-move-sending-back = Send back
campaign-move-sending-back-means = It is a draft again; the author changes it and hands it in again.
campaign-move-publication = Approve and publish
campaign-move-publication-means = Options and rules are fixed from here on. Voting opens by itself at { $opens_time } on { $opens }.
campaign-move-publication-means-at-once = Options and rules are fixed from here on. The opening has passed, so voting opens at once.
campaign-move-suspension = Halt voting
campaign-move-suspension-means = No ballot is taken from now on; those already cast stay, and the closing does not move. An approver has to confirm; otherwise voting goes on by itself at { $until }.
campaign-move-halt-request = Ask for a halt
campaign-move-halt-request-means = The last halt was not confirmed, so this one begins only once an approver confirms it.
campaign-move-halt-confirmation = Confirm the halt
campaign-move-halt-confirmation-means = No ballot is taken until an organiser or approver lets voting go on. The closing does not move; after it no ballot is taken any more.
campaign-move-resumption = Resume voting
campaign-move-resumption-means = It goes on at once. Opening and closing stay as they were.
campaign-move-cancellation = Cancel the campaign
campaign-move-cancellation-means = It ends here and cannot be brought back.
campaign-done-rules = Rules saved
campaign-done-options = Options saved
campaign-done-submission = Handed in for approval
campaign-done-sending-back = Sent back
campaign-done-publication = Approved and published
campaign-done-suspension = Voting is halted
campaign-done-halt-request = An approver is asked for the halt
campaign-done-halt-confirmation = The halt is confirmed
campaign-done-resumption = Voting goes on
campaign-done-cancellation = Campaign cancelled

## Desk: the final check before approval, halt and cancellation
campaign-final-publication = { $options } options and all rules are published and fixed. Voting opens by itself at { $opens_time } on { $opens } and closes at { $closes_time } on { $closes }. The first { $top } become issues and go to { $units } provinces: { $assignments } assignments.
campaign-final-publication-at-once = { $options } options and all rules are published and fixed. The opening has passed, so voting opens at once and closes at { $closes_time } on { $closes }. The first { $top } become issues and go to { $units } provinces: { $assignments } assignments.
campaign-final-suspension = No ballot is taken from now on; those already cast stay. The close at { $closes_time } on { $closes } does not move. Unless an approver confirms, voting goes on by itself at { $until }.
campaign-final-halt-confirmation = No ballot is taken until an organiser or approver lets voting go on. The close at { $closes_time } on { $closes } does not move.
campaign-final-cancellation = The campaign ends here: nobody votes on its { $options } options, and no { $top } issues go to { $units } provinces. Its page stays, with the reason.
campaign-final-cancellation-draft = The draft ends here. It was never published, so nobody outside sees it.
campaign-final-lasting-publication = After publication nobody can change options or rules. Before voting opens, the campaign can only be cancelled; after that, only halted.
campaign-final-lasting-suspension = Everybody sees the halt and its reason at once; neither can be taken back, and the time is not made up. If no approver confirms, nobody can halt alone again.
campaign-final-lasting-halt-confirmation = The time of voting that the halt takes is not made up. After the close, no ballot is taken any more.
campaign-final-lasting-cancellation = A cancelled campaign cannot be brought back. Only a new one can be made.
campaign-final-step = { $act }, { $who }, { $at }
campaign-final-checks = All good

## Desk: writing rules
campaign-rules-title = Change rules
campaign-rules-lead = The rules can be changed until they are handed in; publication fixes them.
campaign-copy-from = Start from an earlier campaign:{ " " }
campaign-copied = Rules, hosts, provinces and limits are those of “{ $name }”. Address, names and dates are still to be written.
campaign-field-copy = Options
campaign-field-copy-hint = With codes of the new campaign and with their themes; they can be changed afterwards
campaign-copy-options = { $count ->
    [one] Copy its { $count } option as well
   *[other] Copy its { $count } options as well
}
campaign-group-names = Names
campaign-group-voting = Voting
campaign-group-dispatch = Selection and dispatch
campaign-field-slug = Name in addresses
campaign-field-slug-hint = Lower-case letters, digits, dashes, up to 40, for example s4
campaign-field-name-zh = Chinese name
campaign-field-name-zh-hint = Up to 40 characters
campaign-field-name-en = English name
campaign-field-name-en-hint = Up to 80 letters
campaign-field-purpose-zh = What it is for, in Chinese
campaign-field-purpose-zh-hint = One sentence for voters, up to 100 characters
campaign-field-purpose-en = What it is for, in English
campaign-field-purpose-en-hint = Up to 200 letters
campaign-field-hosts = Hosts
campaign-field-opens = First day
campaign-field-opens-hint = The first day of voting
campaign-field-opens-time = Opening time
campaign-field-opens-time-hint = China time; empty: 0:00
campaign-field-closes = Last day
campaign-field-closes-hint = The last day of voting
campaign-field-closes-time = Closing time
campaign-field-closes-time-hint = China time; empty: 24:00
campaign-field-choices = Most options on one ballot
campaign-field-choices-hint = 1 to 50
campaign-field-tracks = Ways to vote
campaign-field-tracks-hint = The two are counted and shown apart
campaign-stuffing = Against ballot stuffing: { $cap } ballots of one address a day, { $seconds } s of calculation
campaign-field-cap = Anonymous ballots of one network address a day, at most
campaign-field-cap-hint = 1 to 1,000,000; 500 is usual. An office, a school or a street often shares one address; a group of neighbouring addresses gets ten times as many. Voting by real name is not limited
campaign-field-work = Seconds for the calculation against ballot stuffing, at most
campaign-field-work-hint = 1 to 60; 10 is usual. As a rule a phone needs less than one second; the more a network votes the longer it takes, up to this
campaign-track-anonymous = Anonymous
campaign-track-real-name = By real name
campaign-field-ranking = What decides the order
campaign-field-ranking-hint = Fixed by publication. Anonymous ballots are not people and can be stuffed; without voting by real name only all votes can decide
campaign-field-display = What is shown while voting is open
campaign-field-display-hint = The same for everybody; fixed by publication
campaign-field-top = How many options are selected as issues
campaign-field-top-hint = The first ones by the ranking rule
campaign-field-units = Provinces it is dispatched to
campaign-field-units-hint = Every issue goes to each one ticked
campaign-field-acknowledgement = Acknowledgement (working days)
campaign-field-acknowledgement-hint = 1 to 30, usually 1
campaign-field-deadline = How the deadline is set
campaign-field-deadline-hint = Choose one and fill in its field below
campaign-deadline-on = On a date
campaign-deadline-days = In working days
campaign-field-deadline-on = Deadline (date)
campaign-field-deadline-days = Deadline (working days)
campaign-region-north = North
campaign-region-northeast = Northeast
campaign-region-east = East
campaign-region-central-south = Central and South
campaign-region-southwest = Southwest
campaign-region-northwest = Northwest
campaign-save-rules = Save rules
campaign-check-rules = Work out the dates
campaign-leave = Leave without saving
campaign-effect-voting = { $days ->
    [one] { $days } day
   *[other] { $days } days
} of voting, { $working } of them working days.
campaign-effect-units = { $issues } issues × { $units } provinces = { $assignments } assignments.
campaign-effect-acknowledgement = If dispatched on { $dispatch }: acknowledged by 24:00 on { $day }.
campaign-effect-deadline = If dispatched on { $dispatch }: fixed by 24:00 on { $day }, { $days ->
    [one] { $days } working day
   *[other] { $days } working days
}.
campaign-effect-rolled = { $fixed } is a day off; the deadline moves to { $day }.
campaign-effects = This comes to:
campaign-effect-span = { $first } to { $last }
campaign-effect-holiday = { $day } off
campaign-effect-makeup = { $day } worked
campaign-effect-met = On the way: { $days }.
campaign-effect-unloaded = The holidays of { $years } are not loaded; plain weekends count for now.
campaign-meanwhile-word = Changed meanwhile:
campaign-meanwhile = { $who } changed this campaign on { $at }. Everything entered is still below
campaign-meanwhile-keep = Saving again puts what is below in its place.
campaign-meanwhile-theirs = Drop what was entered, use what stands now
campaign-differences = Where the two differ
campaign-differences-field = Field
campaign-differences-typed = Entered
campaign-differences-standing = Standing now
campaign-differences-none = The rules are the same; options or phase were changed.

## Desk: options
campaign-options-title = Upload options
campaign-options-lead = Paste or upload a CSV table. A preview comes first; nothing is saved before that. Saving replaces all options.
campaign-options-text = Table of options
campaign-options-text-hint = First line: names of columns. One option a line
campaign-options-file = Or upload a file
campaign-options-file-hint = CSV with commas, semicolons or tabs, in UTF-8 or GB18030, up to 1 MB; a chosen file goes before the text
campaign-options-look = Preview options
campaign-options-csv = Download the table (CSV)
campaign-options-wrong = { $count ->
    [one] { $count } thing is
   *[other] { $count } things are
} wrong in the table; nothing was saved
campaign-options-columns = What each column holds
campaign-options-columns-caption = Columns and what they hold
campaign-options-column = Column
campaign-options-holds = Holds
campaign-options-standing = The table as it stands now
campaign-options-preview = Preview options
campaign-options-preview-lead = { $count ->
    [one] { $count } option
   *[other] { $count } options
} read, nothing wrong. Saving replaces the { $replaced } there are now.
campaign-options-preview-caption = { $count ->
    [one] { $count } option
   *[other] { $count } options
}, not saved yet
campaign-options-save = { $count ->
    [one] Save { $count } option
   *[other] Save { $count } options
}
campaign-options-edit = Go back and edit
campaign-option-number = Option number
campaign-option-title = Option
campaign-option-short = Short
campaign-option-theme = Theme
campaign-option-lead = Lead
campaign-option-remedies = Remedies
campaign-column-code = Code, unique over all campaigns: up to 20 letters, digits, dashes, dots, underscores
campaign-column-ballot-no = Option number, 1 to 9999, each once
campaign-column-title-zh = A full Chinese sentence, up to 80 characters
campaign-column-title-en = A full English sentence, up to 200 letters
campaign-column-short-zh = Short Chinese title, up to 12 characters, each once
campaign-column-short-en = Short English title, up to 26 letters
campaign-column-theme-zh = Theme in Chinese, up to 8 characters
campaign-column-theme-en = Theme in English, up to 24 letters
campaign-column-domain = Code of the field of service, see below
campaign-column-lead-department = Code of the lead department, see below
campaign-column-co-departments = Codes of supporting departments, parted by blanks; may be empty
campaign-column-root-cause = Code of the cause, see below
campaign-column-remedies = Codes of remedies, parted by blanks; at least one
campaign-column-affected = Whom it blocks: citizen or enterprise
campaign-column-proposed-by = Who proposed it: frontline_clerk, joint_ministry or citizen
campaign-words-department = Codes of departments
campaign-words-domain = Codes of fields of service
campaign-words-root-cause = Codes of causes
campaign-words-remedy = Codes of remedies
campaign-words-affected = Whom it blocks
campaign-words-proposed-by = Who proposed it
campaign-affected-citizen = People
campaign-affected-enterprise = Firms
campaign-proposed-by-frontline-clerk = A window clerk
campaign-proposed-by-joint-ministry = A hosting ministry
campaign-proposed-by-citizen = A citizen

## Desk: preview of the ballot
campaign-preview-title = Preview of the ballot
campaign-preview-lead = { $count ->
    [one] { $count } option
   *[other] { $count } options
}, in English, then in Chinese. The words are those of the ballot. Voters see one of 64 orders; here it is the order of option numbers.
campaign-preview-none = There are no options yet
campaign-preview-none-why = Once they are uploaded, the ballot can be seen here.

## Every refusal by its code
error-campaign-slug = Lower-case letters, digits and dashes only, up to 40, not beginning with a dash, and not “new”
error-campaign-slug-taken = Another campaign has this name; choose another
error-campaign-name-taken = Another campaign has this name, or one that looks the same; choose another
error-campaign-unknown-host = One of the hosts is not known
error-campaign-closes-before = The last day cannot lie before the first
error-campaign-closing-time = Write a time like 18:30; for the end of the day write 24:00 or leave it empty
error-campaign-closes-too-soon = The closing must lie after the opening
error-campaign-closes-in-past = The closing has passed; change the dates first
error-campaign-max-choices = Write 1 to 50
error-campaign-day-cap = Write 1 to 1,000,000
error-campaign-work-seconds = Write 1 to 60
error-campaign-top-n = Write 1 to 500
error-campaign-no-track = Tick at least one way to vote
error-campaign-no-real-name = Real-name votes cannot decide where nobody votes by real name: choose the other rule, or tick that way to vote
error-campaign-no-unit = Tick at least one province
error-campaign-unknown-unit = One of the places cannot be dispatched to
error-campaign-unit-twice = A province is there twice
error-campaign-deadline-early = The deadline must lie after the last day of voting
error-campaign-deadline-days = Write 1 to 400
error-campaign-one-deadline = Give one of deadline_on and deadline_days, not both
error-campaign-acknowledge-days = Write 1 to 30
error-campaign-frozen = Rules and options are fixed and cannot be changed any more
error-campaign-stale = Somebody changed this campaign after it was opened here
error-campaign-own = A campaign cannot be approved by the people who wrote it or handed it in
error-campaign-halt-alone = The last halt was not confirmed by an approver, so nobody halts alone again. Ask for a halt; it begins once an approver confirms
error-campaign-halt-waits = An approver is asked for a halt already
error-campaign-halt-none = No halt waits for confirmation
error-campaign-halt-own = A halt cannot be confirmed by the person who asked for it; somebody else has to
error-campaign-too-few-options = Only { $count ->
    [one] { $count } option
   *[other] { $count } options
}, at least { $least } needed
error-campaign-wrong-phase = Not possible now: the campaign { $phase ->
    [draft] is being written
    [in_review] is waiting for approval
    [scheduled] is not open yet
    [voting] is open for voting
    [closed] is closed
    [tallied] is counted
    [certified] has its results published
    [dispatched] is with the provinces
    [suspended] is halted
   *[cancelled] is cancelled
}
error-options-no-header = The first line must name the columns, separated by commas, semicolons or tabs: { $columns }
error-options-no-column = A column is missing: { $column }
error-options-column-twice = A column is there twice: { $column }
error-options-unknown-column = Line { $line }: “{ $column }” is filled, but is no column of this table. Correct the name of the column, or remove it
error-options-unnamed-column = Line { $line }: column { $number } is filled, but has no name. Name the column, or remove it
error-options-too-many = At most { $most } options
error-options-none = There is no option in the table
error-options-one-form = Give one of options and csv, not both
error-options-unreadable = Line { $line } cannot be read: it has another number of cells than the first line, or a quotation mark without its pair
error-options-empty = Line { $line }, { $column }: this cannot be empty
error-options-too-long = Line { $line }, { $column }: “{ $text }” has { $count } characters; at most { $most }
error-options-code = Line { $line }, { $column }: “{ $text }” may hold letters, digits, dashes, dots and underscores only
error-options-number = Line { $line }, { $column }: “{ $text }” must be a whole number from 1 to 9999
error-options-unknown-word = Line { $line }, { $column }: “{ $text }” is not in the list of words
error-options-control-characters = Line { $line }, { $column }: “{ $text }” holds a line break or a character that cannot be shown
error-options-twice = Line { $line }, { $column }: “{ $text }” stands in line { $first } already
error-options-same-look = Line { $line }, { $column }: “{ $text }” looks the same as the text in line { $first }
error-options-taken = Another campaign has the code “{ $text }”
error-options-taken-meanwhile = Another campaign just took one of these codes; preview again
error-options-too-large = “{ $name }” is too large; a table may have up to 1 MB
error-options-workbook = “{ $name }” is a workbook. Save it as CSV and upload it again, or copy the cells and paste them
error-options-no-text = “{ $name }” cannot be read as text. Save it as CSV and upload it again
