## Refusals
error-as-of-no-date = That is not a day we can read. Write it like 2018-07-07
error-as-of-future = That day has not come yet. The last day you can see is { $last }

## Joining words
supervision-and = ,{ " " }
supervision-or = { " " }or{ " " }
supervision-colon = :{ " " }
supervision-semicolon = ;{ " " }

## As of which day
supervision-now = As of { $day } (today)
supervision-past = These are the figures of { $day }, 24:00
supervision-today = Back to today
supervision-title-past = { $title } (as of { $day })
supervision-day-label = Which day
supervision-day-show = Show this day
supervision-day-hint = Write it like 2018-07-07
supervision-day-title = This day cannot be shown
supervision-day-errors = The date needs changing
supervision-day-last = Show today: { $day }
supervision-day-before = Last change: { $day }
supervision-day-after = Next change: { $day }
supervision-day-dispatch = Dispatched:{ " " }
supervision-day-deadline = Due:{ " " }

## Dashboard: head
supervision-dashboard = Dashboard
supervision-dashboard-of = Dashboard, { $name }
supervision-campaigns = { $n ->
    [one] { $n } campaign
   *[other] { $n } campaigns
}
supervision-choice = Which campaign
supervision-together = All { $n } campaigns
supervision-to-dashboard = See the dashboard
supervision-crumbs = You are here

supervision-finding-none = Nothing was dispatched yet
supervision-finding-since = { $days ->
    [one] { $days } day
   *[other] { $days } days
} after dispatch
supervision-finding-many = { $n ->
    [one] { $n } campaign
   *[other] { $n } campaigns
}
supervision-finding-begun = { $since }: no province has reported
supervision-finding-claimed = { $since }: { $claimed } reported, none signed by a province
supervision-finding-open = { $since }: { $done } of { $all } resolved ({ $rate }%), { $open } still open
supervision-finding-late = { $since }: { $done } of { $all } resolved ({ $rate }%), { $open } still open, { $late } of them overdue
supervision-finding-all-late = { $since }: { $done } of { $all } resolved ({ $rate }%), { $open } still open, all of them overdue
supervision-finding-done = { $since }: nothing is open, { $done } of { $all } resolved, { $verified } of them verified, { $exempt } exempt
supervision-stuck = Hardest is “{ $title }”: { $done } of { $all } provinces have resolved it.
supervision-stuck-several = Hardest are { $n } issues that { $done } of { $all } provinces have resolved.

supervision-empty = Nothing was dispatched yet
supervision-empty-next = Figures appear here once issues are with the provinces.
supervision-empty-campaigns = See how far the campaigns are

## Dashboard: figures
supervision-reported = Reported resolved
supervision-verified = Verified by teams
supervision-reported-head = Rep.
supervision-verified-head = Ver.
supervision-age = Days since dispatch
supervision-since-day = dispatched { $day }
supervision-of-applicable = without exempt: { $rate }, { $fraction }
supervision-states = States

supervision-jump = On this page
supervision-jump-matrix = Everything
supervision-jump-campaigns = By campaign
supervision-jump-issues = By issue
supervision-jump-provinces = By province
supervision-jump-teams = By team
supervision-jump-trend = Trend
supervision-jump-list = Overdue

## Dashboard: trend
supervision-trend-more = At day { $age }, { $name } ({ $rate }, { $fraction }) is { $points } points ahead of { $other } ({ $other_rate }, { $other_fraction })
supervision-trend-less = At day { $age }, { $name } ({ $rate }, { $fraction }) is { $points } points behind { $other } ({ $other_rate }, { $other_fraction })
supervision-trend-equal = At day { $age }, { $name } ({ $rate }, { $fraction }) is level with { $other } ({ $other_rate }, { $other_fraction })
supervision-trend-alone = At day { $age }: { $rate } ({ $fraction }) reported resolved, { $verified } ({ $verified_fraction }) verified
supervision-trend-reading = Days since dispatch along the foot, share of all assignments upwards, as of { $day }. Thick: reported resolved. Thin: verified. The ticks on the foot are deadlines.
supervision-trend-desc = { $name } has { $rate } ({ $fraction }) reported resolved at day { $age }.
supervision-trend-label = { $name } { $rate }
supervision-trend-label-verified = { $name } verified { $rate }
supervision-trend-data = Table of the data
supervision-trend-caption = Days with a change, as of { $day }

## Dashboard: matrix
supervision-matrix = { $issues ->
    [one] { $issues } issue
   *[other] { $issues } issues
}, { $provinces ->
    [one] { $provinces } province
   *[other] { $provinces } provinces
}
supervision-matrix-of = { $name }: { $issues ->
    [one] { $issues } issue
   *[other] { $issues } issues
}, { $provinces ->
    [one] { $provinces } province
   *[other] { $provinces } provinces
}
supervision-legend = Filter by state
supervision-matrix-help = Arrow keys move, Enter opens, Escape leaves.
supervision-issue = Issue
supervision-province = Province
supervision-caption = { $name }: state of each issue in each province on { $day }, by rank
supervision-caption-worst = { $name }: state of each issue in each province on { $day }, fewest resolved first
supervision-caption-turned = { $name }: state of each issue by province on { $day }; columns are issues by rank
supervision-caption-turned-worst = { $name }: state of each issue by province on { $day }; columns are issues by rank, fewest resolved first
supervision-foot = Reported, of { $n }
supervision-foot-turned = Reported, of { $n }
supervision-provinces-as-rows = Provinces as rows
supervision-issues-as-rows = Issues as rows
supervision-worst-first = Fewest resolved first
supervision-official-order = By rank and official order

## Dashboard: tables
supervision-sum = Total
supervision-no-team = No team
supervision-campaign-line = { $name } ({ $days ->
    [one] { $days } day
   *[other] { $days } days
} after dispatch)
supervision-campaigns-heading = By campaign
supervision-campaigns-head = Campaign
supervision-campaigns-caption = { $name }: reported and verified by campaign on { $day }
supervision-issues-heading = By issue
supervision-issues-head = Issue
supervision-issues-caption = { $name }: reported and verified by issue on { $day }
supervision-provinces-heading = By province
supervision-provinces-head = Province
supervision-provinces-caption = { $name }: reported and verified by province on { $day }
supervision-teams-heading = By supervision team
supervision-teams-head = Team
supervision-teams-caption = { $name }: reported and verified by supervision team on { $day }
supervision-coarse = { $n } rows a province: one row is { $points } percentage points. Equal rates share a rank, written “=”.

## Dashboard: list
supervision-list-overdue = Overdue assignments
supervision-list-filtered = Assignments that match
supervision-list-caption = { $what }: { $n } on { $day }
supervision-list-none = No assignment matches. Try with one condition less.
supervision-list-none-overdue = Nothing is overdue.
supervision-remove = , remove
supervision-state = State
supervision-since = Since
supervision-deadline = Due
supervision-late = Overdue
supervision-pages = Pages
supervision-pager = Page { $page } of { $pages }, { $n } rows
supervision-page-before = Previous page
supervision-page-next = Next page
supervision-unloaded = The holidays of { $years } are not loaded; working days are counted as Monday to Friday.

supervision-just-overdue = Past the deadline
supervision-due-today = Due today
supervision-with-deadline = { $fact } (due { $due })

## What the words mean
supervision-means = What the words mean
supervision-means-resolved = Reported resolved
supervision-meaning-resolved = Assignments that a province signed as fixed (resolved and verified), of all that were dispatched. Partial coverage does not count.
supervision-means-verified = Verified by teams
supervision-meaning-verified = Assignments that a supervision team checked and confirmed, of all that were dispatched.
supervision-means-overdue = Overdue
supervision-meaning-overdue = Assignments still open after 24:00 on the deadline. The clock starts at dispatch; a return or rework does not reset it.
supervision-means-rework = Rework
supervision-meaning-rework = Assignments that failed a check, or relapsed after one, and have to be fixed again.
supervision-means-exempt = Exempt
supervision-meaning-exempt = Assignments not to be done, for a published reason. They stay in the total; a second rate leaves them out.
supervision-means-rank = Rank
supervision-meaning-rank = By the rate of reported resolved. Equal rates share a rank and the next one is left out. All exempt: no rank.
supervision-means-age = Days since dispatch
supervision-meaning-age = Calendar days from dispatch. Compare two campaigns at the same age.
supervision-means-as-of = As of
supervision-meaning-as-of = What was recorded by 24:00 China time of a day, counted by the working days known then. Later changes never alter past figures.

## Files
supervision-files = Files and permanent link
supervision-file-tables = Tables (CSV)
supervision-file-rows = Every state (CSV)
supervision-file-history = History (CSV)
supervision-file-json = JSON
supervision-file-permanent = Permanent link
supervision-file-as-of = As of
supervision-file-until = Counted until
supervision-file-address = Address
supervision-file-means = What the words mean
supervision-file-digest = SHA-256 from the head row on
supervision-column-group = Group
supervision-column-code = Code
supervision-column-name = Name
supervision-column-assignments = Assignments
supervision-column-resolved = Reported resolved
supervision-column-verified = Verified
supervision-column-exempt = Exempt rows
supervision-column-overdue = Overdue
supervision-column-applicable = Without exempt
supervision-column-resolved-rate = Resolved rate (%)
supervision-column-verified-rate = Verified rate (%)
supervision-column-resolved-rate-applicable = Resolved rate without exempt (%)
supervision-column-verified-rate-applicable = Verified rate without exempt (%)
supervision-column-rank = Rank
supervision-column-campaign = Campaign
supervision-column-issue = Issue
supervision-column-province-code = Province code
supervision-column-province = Province
supervision-column-team = Team
supervision-column-state-code = State code
supervision-column-state = State
supervision-column-since = Since
supervision-column-due = Due
supervision-column-late = Working days late
supervision-column-covered = Covered
supervision-column-coverable = Coverable
supervision-column-at = Time
supervision-column-act = Act
supervision-column-from = From
supervision-column-to = To
supervision-column-office = Office
supervision-column-role = Role
supervision-column-effective-on = Effective on
supervision-column-reason = Reason

## Issue
supervision-issue-status = { $done } of { $all } provinces report it resolved; { $verified } verified.
supervision-issue-claimed = { $days ->
    [one] { $days } day
   *[other] { $days } days
} since dispatch; { $claimed } provinces have reported, none has signed.
supervision-issue-begun = { $days ->
    [one] { $days } day
   *[other] { $days } days
} since dispatch; no province has reported.
supervision-issue-selected = Selected; not yet with the provinces.
supervision-issue-not-selected = Not selected, so not dispatched.
supervision-issue-before = Voting starts on { $day }.
supervision-issue-voting = Voting is open until { $day }, 24:00.
supervision-issue-undecided = Voting is over; the selection is not yet published.
supervision-issue-halted = This campaign was halted.
supervision-why-not = It got { $votes } votes, rank { $rank }. The first { $cut } were selected, so it was not.
supervision-why-not-real-name = It got { $votes } real-name votes, rank { $rank }. The first { $cut } by real-name votes were selected, so it was not.
supervision-by-province = Provinces
supervision-bar-desc = How many are in each of nine states; the numbers follow below.
supervision-why = Why it sticks
supervision-how = Remedy
supervision-test = What counts as fixed
supervision-lead = In charge
supervision-support = Supporting
supervision-affected = Who is affected
supervision-affected-citizen = People
supervision-affected-enterprise = Firms
supervision-timeline = What happened
supervision-timeline-note = Oldest first. Acknowledgements and plans are on the pages of the provinces.
supervision-timeline-none = Nothing to tell yet.
supervision-proposed-by-frontline-clerk = a window clerk
supervision-proposed-by-joint-ministry = a ministry that hosts the campaign
supervision-proposed-by-citizen = a citizen
supervision-event-proposed = Proposed by { $by }; number { $no } on the ballot
supervision-event-votes = { $votes } votes ({ $real } with real name) on { $ballots } ballots, rank { $rank }
supervision-event-votes-real-name = { $real } real-name and { $anonymous } anonymous votes on { $ballots } ballots, rank { $rank } by real-name votes
supervision-not-people = anonymous ballots are not people
supervision-event-selected = Selection signed twice and published: selected
supervision-event-not-selected = Selection signed twice and published: not selected
supervision-event-dispatch = { $n ->
    [one] Dispatched to { $n } province
   *[other] Dispatched to { $n } provinces
}, due { $due }
supervision-event-one = { $place }, { $act }: { $reason }
supervision-day-reports = { $n ->
    [one] { $n } province reported
   *[other] { $n } provinces reported
}{ $names }
supervision-day-signatures = { $n ->
    [one] { $n } province signed
   *[other] { $n } provinces signed
}{ $names }
supervision-day-verifications = { $n ->
    [one] { $n } province verified
   *[other] { $n } provinces verified
}{ $names }
supervision-day-sendings-back = { $n ->
    [one] { $n } report sent back
   *[other] { $n } reports sent back
}{ $names }
supervision-day-withdrawals = { $n ->
    [one] { $n } report withdrawn
   *[other] { $n } reports withdrawn
}{ $names }
supervision-named = { " " }({ $names })

## Province
supervision-province-status = { $done } of { $all } reported resolved, { $verified } verified, { $rework } in rework (as of { $day })
supervision-outside = Issues are not dispatched here
supervision-outside-next = Campaigns dispatch issues to 31 provinces. Voters may still choose this place.
supervision-region-north = North China
supervision-region-northeast = Northeast China
supervision-region-east = East China
supervision-region-central-south = Central and South China
supervision-region-southwest = Southwest China
supervision-region-northwest = Northwest China
supervision-region-outside = Outside the dispatch
supervision-ledger = Ledger
supervision-ledger-caption = { $name }: { $n } assignments on { $day }
supervision-ledger-note = Most urgent first: overdue, then due soon, then by deadline.
supervision-reported-on = Reported
supervision-verified-on = Verified
supervision-coverage = Coverage
supervision-ledger-rejection = failed the check
supervision-ledger-relapse = relapsed after the check
supervision-seasons-caption = By campaign
supervision-peers-team = { $name }: { $n } provinces
supervision-peers-region = { $name }: { $n } provinces
supervision-peers-caption = In official order, on { $day }

## One assignment
supervision-one-title = { $place }: { $title }
supervision-due = Due { $day }
supervision-not-dispatched = It was dispatched on { $day }.
supervision-department = Department
supervision-step-dispatched = Dispatched
supervision-step-acknowledged = Acknowledged
supervision-step-planned = Planned
supervision-step-reported = Reported
supervision-step-signed = Signed by the province
supervision-step-verified = Verified
supervision-claim = What changed
supervision-before = Before
supervision-after = Now
supervision-effective = In force since
supervision-covered = { $done } of { $all } counties covered
supervision-partial = { $done } of { $all } counties covered: partly resolved, not counted as resolved
supervision-no-report = Not reported yet. Due { $due }.
supervision-no-report-late = Not reported yet. { $fact }.
supervision-no-report-anew = Not reported anew yet. Due { $due }.
supervision-no-report-anew-late = Not reported anew yet. { $fact }.
supervision-no-report-exempt = Exempt: no report is needed.
supervision-evidence = Evidence
supervision-evidence-why = Files and their names may hold personal data. Only the supervision team sees them. The digest proves that a file was not exchanged.
supervision-evidence-caption = { $n ->
    [one] { $n } file
   *[other] { $n } files
} filed with the report of { $day }
supervision-failed = Claims that no longer stand
supervision-failed-note = As they were filed, with their evidence, the newest first.
supervision-failed-rejection = What was reported (on { $day }; it failed the check on { $end })
supervision-failed-relapse = What was reported (on { $day }; it passed the check on { $checked } and relapsed on { $end })
supervision-failed-why-rejection = Why it failed
supervision-failed-why-relapse = What was found
supervision-failed-found = { $team }: { $finding }
supervision-file-kind = Kind
supervision-file-day = Date
supervision-file-size = Size
supervision-checks = Checks
supervision-checks-none = Not checked yet.
supervision-outcome-verified = Passed
supervision-outcome-rejected = Failed, to be fixed again
supervision-outcome-relapsed = Relapsed, to be fixed again
supervision-plan = Plan
supervision-exemption = Requests for exemption
supervision-exemption-pending = Exemption asked for on { $day }, not yet decided
supervision-exemption-asked = Exemption asked for on { $day }: { $class }
supervision-exemption-no-such-service = the service does not exist there
supervision-exemption-law-forbids = a law forbids the remedy
supervision-exemption-open = Not yet decided.
supervision-exemption-granted = Granted on { $day }; it stays in the total.
supervision-exemption-refused = Refused on { $day }: { $reason }
supervision-history = History
supervision-history-note = Newest first. Offices are named, people are not.
supervision-history-step = { $act }, now “{ $to }”
supervision-history-who = { $office } ({ $role })
supervision-act-dispatch = Dispatch
supervision-act-acknowledgement = Acknowledgement
supervision-act-return = Return
supervision-act-ruling = Ruling
supervision-act-plan = Plan
supervision-act-report = Report
supervision-act-withdrawal = Report withdrawn
supervision-act-signature = Signed by the province
supervision-act-sending-back = Sent back to the department
supervision-act-verification = Check passed
supervision-act-rejection = Check failed
supervision-act-relapse = Relapse
supervision-act-exemption = Exemption
supervision-role-sysadmin = system administrator
supervision-role-organiser = organiser
supervision-role-approver = approver
supervision-role-province-coordinator = province coordinator
supervision-role-handler = department handler
supervision-role-team-leader = supervision team leader
supervision-role-auditor = auditor
