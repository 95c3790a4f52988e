## Refusals
error-as-of-no-date = That is not a day we can read. Write it like 2018-07-07
error-as-of-future = That day has not come yet. The last day you can see is { $last }
## Joining words
dashboard-and = ,{ " " }
dashboard-or = { " " }or{ " " }
dashboard-colon = :{ " " }
dashboard-semicolon = ;{ " " }
## As of which day
dashboard-now = As of { $day } (today)
dashboard-past = These are the figures of { $day }, 24:00
dashboard-today = Back to today
dashboard-title-past = { $title } (as of { $day })
dashboard-day-label = Which day
dashboard-day-show = Show this day
dashboard-day-hint = Write it like 2018-07-07
dashboard-day-title = This day cannot be shown
dashboard-day-errors = The date needs changing
dashboard-day-last = Show today: { $day }
dashboard-day-before = Last change: { $day }
dashboard-day-after = Next change: { $day }
dashboard-day-dispatch = Dispatched:{ " " }
dashboard-day-deadline = Due:{ " " }
## Dashboard: head
dashboard-dashboard = Dashboard
dashboard-dashboard-of = Dashboard, { $name }
dashboard-campaigns = { $n ->
    [one] { $n } campaign
   *[other] { $n } campaigns
}
dashboard-choice = Which campaign
dashboard-season-figures = { $all } assignments, { $done } signed as resolved ({ $verified } verified), { $open } open{ $spared }
dashboard-season-overdue = { $late } overdue
dashboard-parts = Parts of the dashboard
dashboard-part-dashboard = Summary
dashboard-part-matrix = All assignments
dashboard-part-campaigns = By campaign
dashboard-part-issues = By issue
dashboard-part-provinces = By province
dashboard-part-teams = By team
dashboard-part-trend = Trend
dashboard-part-assignments = Overdue
dashboard-copy = Copy the link
dashboard-together = { $n } campaigns together
dashboard-to-dashboard = See the dashboard
dashboard-crumbs = You are here
dashboard-finding-none = Nothing was dispatched yet
dashboard-finding-since = { $days ->
    [one] { $days } day
   *[other] { $days } days
} after dispatch
dashboard-finding-many = { $n ->
    [one] { $n } campaign
   *[other] { $n } campaigns
}
dashboard-finding-begun = { $since }: no province has reported
dashboard-finding-claimed = { $since }: { $claimed } reported, none signed as resolved
dashboard-finding-open = { $since }: { $done } of { $all } signed as resolved ({ $rate }%), { $open } still open{ $spared }
dashboard-finding-late = { $since }: { $done } of { $all } signed as resolved ({ $rate }%), { $open } still open, { $late } of them overdue{ $spared }
dashboard-finding-all-late = { $since }: { $done } of { $all } signed as resolved ({ $rate }%), { $open } still open, all of them overdue{ $spared }
dashboard-finding-done = { $since }: nothing is open, { $done } of { $all } signed as resolved, { $verified } of them verified, { $exempt } exempt
dashboard-spared = , { $n } exempt
dashboard-stuck = Fewest resolved: “{ $title }”, signed as resolved by { $done } of { $all } provinces.
dashboard-stuck-several = Fewest resolved: { $n } issues, each signed as resolved by { $done } of { $all } provinces.
dashboard-empty = Nothing was dispatched yet
dashboard-empty-next = Figures appear here once issues are with the provinces.
dashboard-empty-campaigns = See how far the campaigns are
## Dashboard: figures
dashboard-reported = Signed as resolved
dashboard-verified = Verified by supervision teams
dashboard-reported-head = Signed
dashboard-verified-head = Verified
dashboard-age = Days since dispatch
dashboard-since-day = dispatched { $day }
dashboard-of-applicable = without exempt: { $rate }, { $fraction }
dashboard-states = States
## Dashboard: trend
dashboard-trend-more = At day { $age }, { $name } ({ $rate }, { $fraction }) is { $points } points ahead of { $other } ({ $other_rate }, { $other_fraction })
dashboard-trend-less = At day { $age }, { $name } ({ $rate }, { $fraction }) is { $points } points behind { $other } ({ $other_rate }, { $other_fraction })
dashboard-trend-equal = At day { $age }, { $name } ({ $rate }, { $fraction }) is level with { $other } ({ $other_rate }, { $other_fraction })
dashboard-trend-alone = At day { $age }: { $rate } ({ $fraction }) signed as resolved, { $verified } ({ $verified_fraction }) verified
dashboard-trend-reading = Days since dispatch along the foot, share of all assignments upwards, as of { $day }. Thick: signed as resolved. Thin: verified. Dashed upright lines are deadlines.
dashboard-trend-desc = { $name } has { $rate } ({ $fraction }) signed as resolved at day { $age }.
dashboard-trend-label = { $name } { $rate }
dashboard-trend-label-verified = { $name } verified { $rate }
dashboard-trend-share = Share of all assignments
dashboard-trend-days = Days since dispatch
dashboard-trend-due-all = Deadline
dashboard-trend-due = Deadline of { $names }
dashboard-trend-data = Table of the data
dashboard-trend-caption = Days with a change, as of { $day }
## Dashboard: matrix
dashboard-matrix = { $issues ->
    [one] { $issues } issue
   *[other] { $issues } issues
}, { $provinces ->
    [one] { $provinces } province
   *[other] { $provinces } provinces
}
dashboard-matrix-of = { $name }: { $issues ->
    [one] { $issues } issue
   *[other] { $issues } issues
}, { $provinces ->
    [one] { $provinces } province
   *[other] { $provinces } provinces
}
dashboard-legend = Filter by state
dashboard-matrix-help = Arrow keys move, Enter opens, Escape leaves.
dashboard-matrix-letters = Letters of the provinces
dashboard-issue = Issue
dashboard-province = Province
dashboard-caption = State of each issue in each province on { $day }, by rank of votes ({ $name })
dashboard-caption-worst = State of each issue in each province on { $day }, fewest resolved first ({ $name })
dashboard-caption-turned = State of each issue by province on { $day }; columns are issues by rank of votes ({ $name })
dashboard-caption-turned-worst = State of each issue by province on { $day }; columns are issues by rank of votes, fewest resolved first ({ $name })
dashboard-foot = Signed, of { $n }
dashboard-foot-turned = Signed, of { $n }
dashboard-provinces-as-rows = Provinces as rows
dashboard-issues-as-rows = Issues as rows
dashboard-worst-first = Fewest resolved first
dashboard-official-order = By rank of votes and official order
## Dashboard: tables
dashboard-sum = Total
dashboard-no-team = No team
dashboard-campaign-line = { $name } ({ $days ->
    [one] { $days } day
   *[other] { $days } days
} after dispatch)
dashboard-campaigns-heading = By campaign
dashboard-campaigns-head = Campaign
dashboard-campaigns-caption = Signed as resolved and verified, by campaign, on { $day } ({ $name })
dashboard-issues-heading = By issue
dashboard-issues-head = Issue
dashboard-issues-caption = Signed as resolved and verified, by issue, on { $day } ({ $name })
dashboard-rest = { $n } more
dashboard-provinces-heading = By province
dashboard-provinces-head = Province
dashboard-provinces-caption = Signed as resolved and verified, by province, on { $day } ({ $name })
dashboard-teams-heading = By supervision team
dashboard-teams-head = Team
dashboard-teams-caption = Checks by supervision team, on { $day } ({ $name })
dashboard-teams-note = In the fixed order of the teams, without ranks. A relapse counts as refused.
dashboard-team-checks = Checks made
dashboard-team-passed = Checks passed
dashboard-team-refused = Checks refused
dashboard-team-waiting = Waiting for a check
dashboard-coarse = { $n } assignments a province: one of them is { $points } percentage points. Equal rates share a rank, written “=”.
## Dashboard: list
dashboard-list-overdue = Overdue assignments
dashboard-list-filtered = Assignments that match
dashboard-list-caption = { $what }: { $n } on { $day }
dashboard-list-none = No assignment matches. Try with one condition less.
dashboard-list-none-overdue = Nothing is overdue.
dashboard-remove = , remove
dashboard-state = State
dashboard-since = In this state since
dashboard-deadline = Due
dashboard-late = Overdue
dashboard-pages = Pages
dashboard-pager = Page { $page } of { $pages }, { $n } assignments
dashboard-page-before = Previous page
dashboard-page-next = Next page
dashboard-unloaded = The holidays of { $years } are not loaded; working days are counted as Monday to Friday.
dashboard-just-overdue = Past the deadline
dashboard-due-today = Due today
dashboard-with-deadline = { $fact } (due { $due })
## What the words mean
dashboard-means = What the words mean
dashboard-means-resolved = Signed as resolved
dashboard-meaning-resolved = Assignments that a province signed as resolved (resolved and verified), of all that were dispatched. Partial coverage does not count.
dashboard-means-verified = Verified by supervision teams
dashboard-meaning-verified = Assignments that a supervision team checked and confirmed, of all that were dispatched.
dashboard-means-overdue = Overdue
dashboard-meaning-overdue = Assignments still open after 24:00 on the deadline. The clock starts at dispatch; a return or rework does not reset it.
dashboard-means-rework = Rework
dashboard-meaning-rework = Assignments that failed a check, or relapsed after one, and have to be fixed again.
dashboard-means-exempt = Exempt
dashboard-meaning-exempt = Assignments not to be done, for a published reason. They stay in the total; a second rate leaves them out.
dashboard-means-rank = Rank by rate
dashboard-meaning-rank = By the share signed as resolved. Equal rates share a rank and the next one is left out. All exempt: no rank.
dashboard-means-age = Days since dispatch
dashboard-meaning-age = Calendar days from dispatch. Compare two campaigns at the same age.
dashboard-means-as-of = As of
dashboard-meaning-as-of = Everything recorded by 24:00 China time of a day, counted by the working days known then. Later changes never alter past figures.
dashboard-means-views = Page views
dashboard-meaning-views = Each time a page of a campaign (campaign, ballot, results, dashboard, issues) is opened in a browser counts once; the same person counts again. Robots that say so and pages that browsers fetch ahead do not count. Only numbers are kept: nothing about readers, no cookie, no address. They are stored every 10 seconds; a crash of the server loses the last 10 at most.
## Files
dashboard-files = Files and permanent link
dashboard-file-tables = Tables (CSV)
dashboard-file-rows = Every state (CSV)
dashboard-file-history = History (CSV)
dashboard-file-plain = Every state (CSV for programs)
dashboard-file-json = JSON
dashboard-embed = Show it on another site
dashboard-embed-note = Put this code into a page. It always shows the newest figures. To keep them as of one day, open the page of that day first.
dashboard-embed-copy = Copy the code
dashboard-embed-source = source:{ " " }
dashboard-embed-as-of = As of { $moment }
dashboard-embed-midnight = ,{ " " }24:00
dashboard-print-checked = Checked by
dashboard-print-signed = Signature
dashboard-print-date = Date
dashboard-file-permanent = Permanent link
dashboard-file-as-of = As of
dashboard-file-until = Data until
dashboard-file-address = Address
dashboard-file-means = What the words mean
dashboard-file-digest = SHA-256 from the head row on
dashboard-column-group = Group
dashboard-column-code = Code
dashboard-column-name = Name
dashboard-column-assignments = Assignments
dashboard-column-resolved = Signed as resolved
dashboard-column-verified = Verified by supervision teams
dashboard-column-exempt = Exempt
dashboard-column-overdue = Overdue
dashboard-column-applicable = Without exempt
dashboard-column-resolved-rate = Signed as resolved (%)
dashboard-column-verified-rate = Verified by supervision teams (%)
dashboard-column-resolved-rate-applicable = Signed as resolved, without exempt (%)
dashboard-column-verified-rate-applicable = Verified by supervision teams, without exempt (%)
dashboard-column-rank = Rank by rate
dashboard-column-campaign = Campaign
dashboard-column-issue = Issue
dashboard-column-province-code = Province code
dashboard-column-province = Province
dashboard-column-team = Team
dashboard-column-state-code = State code
dashboard-column-state = State
dashboard-column-since = In this state since
dashboard-column-due = Due
dashboard-column-late = Working days late
dashboard-column-covered = Covered
dashboard-column-coverable = Coverable
dashboard-column-at = Time
dashboard-column-act = Act
dashboard-column-from = From
dashboard-column-to = To
dashboard-column-office = Office
dashboard-column-role = Role
dashboard-column-effective-on = Effective on
dashboard-column-reason = Reason
## Issue
dashboard-issue-status = { $done } of { $all } provinces signed it as resolved; { $verified } verified.
dashboard-issue-claimed = { $days ->
    [one] { $days } day
   *[other] { $days } days
} since dispatch; { $claimed } provinces have reported, none has signed as resolved.
dashboard-issue-begun = { $days ->
    [one] { $days } day
   *[other] { $days } days
} since dispatch; no province has reported.
dashboard-issue-selected = Selected; not yet with the provinces.
dashboard-issue-not-selected = Not selected, so not dispatched.
dashboard-issue-before = Voting starts on { $day }.
dashboard-issue-voting = Voting is open until { $day }, { $time }.
dashboard-issue-undecided = Voting is over; the selection is not yet published.
dashboard-issue-halted = This campaign is halted or cancelled.
dashboard-why-not = It got { $votes } votes, rank { $rank }. The first { $cut } were selected, so it was not.
dashboard-why-not-real-name = It got { $votes } real-name votes, rank { $rank }. The first { $cut } by real-name votes were selected, so it was not.
dashboard-by-province = Provinces
dashboard-bar-desc = How many are in each of nine states; the numbers follow below.
dashboard-why = Why it sticks
dashboard-how = Remedy
dashboard-test = What counts as fixed
dashboard-lead = Lead department
dashboard-support = Supporting departments
dashboard-affected = Who is affected
dashboard-affected-citizen = People
dashboard-affected-enterprise = Firms
dashboard-timeline = What happened
dashboard-timeline-note = Oldest first. Acknowledgements and plans are on the pages of the provinces.
dashboard-timeline-none = Nothing to tell yet.
dashboard-proposed-by-frontline-clerk = a window clerk
dashboard-proposed-by-joint-ministry = a hosting ministry
dashboard-proposed-by-citizen = a citizen
dashboard-event-proposed = Proposed by { $by }; option number { $no } on the ballot
dashboard-event-votes = { $votes } votes ({ $real } with real name) on { $ballots } ballots, rank { $rank }
dashboard-event-votes-real-name = { $real } real-name and { $anonymous } anonymous votes on { $ballots } ballots, rank { $rank } by real-name votes
dashboard-not-people = anonymous ballots are not people
dashboard-event-selected = Selection signed twice and published: selected
dashboard-event-not-selected = Selection signed twice and published: not selected
dashboard-event-dispatch = { $n ->
    [one] Dispatched to { $n } province
   *[other] Dispatched to { $n } provinces
}, due { $due }
dashboard-event-one = { $place }, { $act }: { $reason }
dashboard-day-reports = { $n ->
    [one] { $n } province reported
   *[other] { $n } provinces reported
}{ $names }
dashboard-day-signatures = { $n ->
    [one] { $n } province signed as resolved
   *[other] { $n } provinces signed as resolved
}{ $names }
dashboard-day-verifications = { $n ->
    [one] { $n } province verified
   *[other] { $n } provinces verified
}{ $names }
dashboard-day-sendings-back = { $n ->
    [one] { $n } report sent back
   *[other] { $n } reports sent back
}{ $names }
dashboard-day-withdrawals = { $n ->
    [one] { $n } report withdrawn
   *[other] { $n } reports withdrawn
}{ $names }
dashboard-named = { " " }({ $names })
## Province
dashboard-province-status = { $done } of { $all } signed as resolved, { $verified } verified, { $rework } in rework (as of { $day })
dashboard-outside = Issues are not dispatched here
dashboard-outside-next = Campaigns dispatch issues to 31 provinces. Voters may still choose this place.
dashboard-region-north = North China
dashboard-region-northeast = Northeast China
dashboard-region-east = East China
dashboard-region-central-south = Central and South China
dashboard-region-southwest = Southwest China
dashboard-region-northwest = Northwest China
dashboard-region-outside = Outside the dispatch
dashboard-ledger = Assignments
dashboard-ledger-caption = { $name }: { $n } assignments on { $day }
dashboard-ledger-note = Most urgent first: overdue, then due soon, then by deadline.
dashboard-all-campaigns = All campaigns
dashboard-ledger-reported = reported { $day }
dashboard-ledger-signed = signed { $day }
dashboard-ledger-verified = verified { $day }
dashboard-ledger-exempt = exempt { $day }
dashboard-ledger-covered = covers { $done }/{ $all }
dashboard-coverage = Coverage
dashboard-ledger-rejection = failed the check
dashboard-ledger-relapse = relapsed after the check
dashboard-seasons-caption = Signed as resolved and verified
dashboard-peers-team = { $name }: { $n } provinces
dashboard-peers-region = { $name }: { $n } provinces
dashboard-peers-caption = { $name }, in official order, on { $day }
## One assignment
dashboard-one-title = { $place }: { $title }
dashboard-due = Due { $day }
dashboard-not-dispatched = It was dispatched on { $day }.
dashboard-department = Department
dashboard-step-dispatched = Dispatched
dashboard-step-acknowledged = Acknowledged
dashboard-step-planned = Planned
dashboard-step-reported = Reported
dashboard-step-signed = Signed as resolved
dashboard-step-verified = Verified
dashboard-claim = What changed
dashboard-before = Before
dashboard-after = Now
dashboard-effective = In force since
dashboard-covered = { $done } of { $all } counties covered
dashboard-partial = { $done } of { $all } counties covered: partly resolved, not counted under “Signed as resolved”
dashboard-no-report = Not reported yet. Due { $due }.
dashboard-no-report-late = Not reported yet. { $fact }.
dashboard-no-report-anew = Not reported anew yet. Due { $due }.
dashboard-no-report-anew-late = Not reported anew yet. { $fact }.
dashboard-no-report-exempt = Exempt: no report is needed.
dashboard-evidence = Evidence
dashboard-evidence-why = Files and their names may hold personal data. Only the supervision team sees them. The digest proves that a file was not exchanged.
dashboard-evidence-caption = { $n ->
    [one] { $n } file
   *[other] { $n } files
} filed with the report of { $day }
dashboard-failed = Claims that no longer stand
dashboard-failed-note = As they were filed, with their evidence, the newest first.
dashboard-failed-rejection = What was reported (on { $day }; it failed the check on { $end })
dashboard-failed-relapse = What was reported (on { $day }; it passed the check on { $checked } and relapsed on { $end })
dashboard-failed-why-rejection = Why it failed
dashboard-failed-why-relapse = What was found
dashboard-failed-found = { $team }: { $finding }
dashboard-file-kind = Kind
dashboard-file-day = Date
dashboard-file-size = Size
dashboard-checks = Checks
dashboard-checks-none = Not checked yet.
dashboard-outcome-verified = Passed
dashboard-outcome-rejected = Failed, to be fixed again
dashboard-outcome-relapsed = Relapsed, to be fixed again
dashboard-plan = Plan
dashboard-exemption = Requests for exemption
dashboard-exemption-pending = Exemption asked for on { $day }, not yet decided
dashboard-exemption-asked = Exemption asked for on { $day }: { $class }
dashboard-exemption-no-such-service = the service does not exist there
dashboard-exemption-law-forbids = a law forbids the remedy
dashboard-exemption-open = Not yet decided.
dashboard-exemption-granted = Granted on { $day }; it stays in the total.
dashboard-exemption-refused = Refused on { $day }: { $reason }
dashboard-history = History
dashboard-history-note = Newest first. Offices are named, people are not.
dashboard-history-step = { $act }, now “{ $to }”
dashboard-history-who = { $office } ({ $role })
dashboard-act-dispatch = Dispatch
dashboard-act-acknowledgement = Acknowledgement
dashboard-act-return = Return
dashboard-act-ruling = Ruling
dashboard-act-plan = Plan
dashboard-act-report = Report
dashboard-act-withdrawal = Report withdrawn
dashboard-act-signature = Signed as resolved
dashboard-act-sending-back = Sent back to the department
dashboard-act-verification = Check passed
dashboard-act-rejection = Check failed
dashboard-act-relapse = Relapse
dashboard-act-exemption = Exemption
dashboard-role-sysadmin = system administrator
dashboard-role-organiser = organiser
dashboard-role-approver = approver
dashboard-role-province-coordinator = province coordinator
dashboard-role-handler = department handler
dashboard-role-team-leader = supervision team leader
dashboard-role-auditor = auditor
