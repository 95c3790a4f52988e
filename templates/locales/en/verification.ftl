## The page of an assignment
verification-votes = { $votes } votes ({ $real } by real name), rank { $rank }
verification-moves = What comes next
verification-moves-none = Nothing is to be done just now.
verification-waits = { $n ->
    [one] Waits for “{ $act }”; { $n } person can do it: { $who }
   *[other] Waits for “{ $act }”; { $n } people can do it: { $who }
}
verification-waits-nobody = Waits for “{ $act }”; nobody can do it yet. The administrator has to assign an account
verification-person = { $name } ({ $office })
verification-own-report = { $count ->
    [one] A reporter cannot sign the own report. { $count } other in { $province } can: { $who }
   *[other] A reporter cannot sign the own report. { $count } others in { $province } can: { $who }
}
verification-rework = Rework: { $finding }
verification-asked = An exemption was asked for on { $day } ({ $class }); the organiser decides
verification-plan = Plan
verification-tests = What counts as fixed
verification-requests = Requests for exemption
verification-request-by = Asked for by
verification-request-end = Outcome
verification-request-open = Waits for the organiser
verification-request-granted = Granted on { $at }
verification-request-refused = Refused on { $at }: { $reason }
verification-history = History
verification-history-note = The latest first. Only staff see names; the public sees offices.
verification-history-line = { $act }; then “{ $state }”
verification-history-who = { $name }, { $office }, { $role }
verification-history-who-for = { $name }, { $office }, { $role }, acting for { $lender }
verification-public = See the public page
## Checks
verification-test = What was tried
verification-test-hint = By the test above: when, where and how.
verification-test-optional = May be left empty.
verification-findings = What was seen
verification-leader = Team leader
verification-told-verification = It goes from resolved to verified and counts under “Verified by supervision teams”. The deadline, { $day }, stays.
verification-told-rejection = It goes from resolved to rework and no longer counts under “Signed as resolved”. The deadline, { $day }, stays; the province has to report again.
verification-told-relapse = It goes from verified to rework and no longer counts under “Signed as resolved” or “Verified by supervision teams”. The deadline, { $day }, stays; the province has to report again.
verification-outcome-verified = Verified
verification-outcome-rejected = Rejected
verification-outcome-relapsed = Relapsed
