## The page of an assignment
checks-votes = { $votes } votes ({ $real } by real name), rank { $rank }
checks-moves = What comes next
checks-moves-none = Nothing is to be done just now.
checks-waits = { $n ->
    [one] Waits for “{ $act }”; { $n } person can do it: { $who }
   *[other] Waits for “{ $act }”; { $n } people can do it: { $who }
}
checks-waits-nobody = Waits for “{ $act }”; nobody can do it yet. The administrator has to assign an account
checks-person = { $name } ({ $office })
checks-own-report = { $count ->
    [one] A reporter cannot sign the own report. { $count } other in { $province } can: { $who }
   *[other] A reporter cannot sign the own report. { $count } others in { $province } can: { $who }
}
checks-rework = Rework: { $finding }
checks-asked = An exemption was asked for on { $day } ({ $class }); the organiser decides
checks-plan = Plan
checks-tests = What counts as fixed
checks-requests = Requests for exemption
checks-request-by = Asked for by
checks-request-end = Outcome
checks-request-open = Waits for the organiser
checks-request-granted = Granted on { $at }
checks-request-refused = Refused on { $at }: { $reason }
checks-history = History
checks-history-note = The latest first. Only staff see names; the public sees offices.
checks-history-line = { $act }; then “{ $state }”
checks-history-who = { $name }, { $office }, { $role }
checks-history-who-for = { $name }, { $office }, { $role }, acting for { $lender }
checks-public = See the public page

## Checks
checks-test = What was tried
checks-test-hint = By the test above: when, where and how.
checks-test-optional = May be left empty.
checks-findings = What was seen
checks-leader = Team leader
checks-told-verification = It goes from resolved to verified and counts as verified. The deadline, { $day }, stays.
checks-told-rejection = It goes from resolved to rework and no longer counts as resolved. The deadline, { $day }, stays; the province has to report again.
checks-told-relapse = It goes from verified to rework and no longer counts as resolved or verified. The deadline, { $day }, stays; the province has to report again.
checks-outcome-verified = Verified
checks-outcome-rejected = Rejected
checks-outcome-relapsed = Relapsed
