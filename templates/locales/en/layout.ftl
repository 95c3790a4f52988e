## The frame of every page
layout-site = Shudu
layout-title-dash = { " – " }
layout-skip = Skip to the content
layout-nav = Main
layout-nav-campaigns = Campaigns
layout-nav-dashboard = Dashboard
layout-nav-receipts = Check a receipt
layout-nav-verify = Check a vote
layout-nav-privacy = Privacy
layout-nav-search = Search
layout-nav-definitions = Definitions
layout-nav-data = Data and API
layout-nav-about = About
layout-nav-accessibility = Accessibility
layout-nav-terms = Terms of use
layout-nav-incidents = What went wrong
layout-nav-sign-in = Staff sign-in
layout-nav-desk = My desk
layout-menu = Menu
layout-type = Text
layout-type-size = Text size
layout-type-1 = Standard
layout-type-2 = Large
layout-type-3 = Largest
layout-theme = Colours
layout-theme-system = As the system
layout-theme-light = Light
layout-theme-dark = Dark
layout-demo-word = Demo data:
layout-demo-text = { " " }province results are invented
layout-foot-purpose = You say where it sticks. Everyone sees whether it is fixed.
layout-operator = Run by { $name }
layout-card = Mark of this site: an arrow that passes between two doors
layout-foot-time = All times are China time (UTC+8). Every figure states its parts and its date.

## Words that macros use
layout-error-at = { $label }: { $sentence }
layout-error-prefix = Error:{ " " }
layout-busy = Sending…
layout-copied = Copied
layout-offline = There is no network. What you filled in is still here; press once more when you are back online.
layout-past-view = Past view
layout-skip-matrix = Skip the matrix
layout-comma = ,{ " " }
layout-csv = Download CSV
layout-rank = Rank
layout-option = Option
layout-drawing = Bar

## The nine states
state-dispatched = Dispatched
state-returned = Returned
state-acknowledged = Acknowledged
state-in_progress = In progress
# The same word under a key without an underscore
state-in-progress = { state-in_progress }
state-reported = Reported
state-resolved = Resolved
state-verified = Verified
state-rework = Rework
state-exempt = Exempt

## What each state means, in one sentence
state-dispatched-means = Sent to the province, not yet acknowledged
state-returned-means = The province says it is not its task; a ruling is due
state-acknowledged-means = The province took it and named a department
state-in_progress-means = Cause and remedy are set; the work is under way
state-in-progress-means = { state-in_progress-means }
state-reported-means = The department says it is fixed; the province has to sign
state-resolved-means = The province signed it as resolved; a team has to check
state-verified-means = A supervision team checked on site and it works
state-rework-means = The check failed; it has to be fixed again
state-exempt-means = Not to be done here, for a published reason

## Facts beside a state
fact-overdue = Overdue
fact-due-soon = Due soon
fact-escalated = Escalated
fact-partial = Partly resolved
fact-extended = Extended
fact-challenge = Challenged
fact-changed = Changed
fact-overdue-days = { $n ->
    [one] { $n } working day overdue
   *[other] { $n } working days overdue
}
fact-due-soon-days = { $n ->
    [one] { $n } working day left
   *[other] { $n } working days left
}
fact-escalated-level = Escalated (level { $n })
fact-partial-of = { $done } of { $all } counties covered
fact-extended-to = Extended to { $date }
fact-challenge-open = { $n ->
    [one] { $n } challenge to answer
   *[other] { $n } challenges to answer
}
fact-changed-from = From “{ $from }” to “{ $to }”
## The left side of every desk
layout-desk-work = My work
layout-desk-campaigns = Campaigns
layout-desk-assignments = Assignments
layout-desk-rulings = Returns and exemptions
layout-desk-delegations = Delegations
layout-desk-accounts = Accounts
layout-desk-calendar = Working days
layout-desk-incidents = Incidents
layout-desk-audit = Audit trail
layout-desk-retention = Retention
layout-desk-account = Signed in: { $name }
layout-system-time = { $at } (system time)
