## Lists of all issues and of all provinces
lists-issues-title = All issues
lists-issues-lead = { $n } issues of { $seasons ->
    [one] { $seasons } season
   *[other] { $seasons } seasons
}. On { $day } provinces had signed { $done } of { $all } assignments as resolved, teams had verified { $verified } of them, and { $late } were overdue.
lists-issues-waiting = The selection is signed and not yet dispatched
lists-issues-standing = { $all } assignments: { $done } signed as resolved, { $verified } verified, { $late } overdue
lists-issues-none = This season has no issue of this theme
lists-issues-all = All issues
lists-provinces-title = All provinces
lists-provinces-lead = { $n } provinces, one a line. On { $day } they had signed { $done } of { $all } assignments as resolved, and { $late } were overdue.
lists-provinces-order = In the order of the official codes, without a ranking. The figures are “signed as resolved / dispatched”.
lists-provinces-others = Places outside the dispatch
lists-campaign = Season
lists-theme = Theme
lists-all = All
lists-show = Show
lists-keys = Key and definitions
