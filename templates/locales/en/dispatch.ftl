## Small words
dispatch-colon = :{ " " }
dispatch-and = ,{ " " }
dispatch-semicolon = ;{ " " }
dispatch-full-stop = .{ " " }
dispatch-none = None
dispatch-issue = Issue
dispatch-campaign = Campaign
dispatch-province = Province
dispatch-state = State
dispatch-deadline = Deadline
dispatch-department = Department
dispatch-lead = Lead department
dispatch-next = Next act
dispatch-votes = Votes
dispatch-votes-both = { $votes } ({ $real } by real name)
dispatch-basis = Basis
dispatch-class = Class of exemption
dispatch-asked-on = Asked for on

## Acts, as buttons
dispatch-move-dispatch = Dispatch it
dispatch-move-acknowledgement = Acknowledge it
dispatch-move-return = Return it
dispatch-move-ruling = Give the ruling
dispatch-move-plan = File the plan
dispatch-move-report = Report the fix
dispatch-move-withdrawal = Withdraw the report
dispatch-move-signature = Sign as resolved
dispatch-move-sending-back = Send it back
dispatch-move-verification = Confirm the fix
dispatch-move-rejection = Demand rework
dispatch-move-relapse = Record a relapse
dispatch-move-exemption = Grant the exemption
dispatch-move-exemption-request = Ask for an exemption
dispatch-move-exemption-refusal = Refuse the exemption

## Acts, as histories tell them
dispatch-did-dispatch = dispatched it
dispatch-did-acknowledgement = acknowledged it
dispatch-did-return = returned it
dispatch-did-ruling = ruled on the return
dispatch-did-plan = filed the plan
dispatch-did-report = reported the fix
dispatch-did-withdrawal = withdrew the report
dispatch-did-signature = signed it as resolved
dispatch-did-sending-back = sent the report back
dispatch-did-verification = confirmed the fix
dispatch-did-rejection = demanded rework
dispatch-did-relapse = recorded a relapse
dispatch-did-exemption = granted the exemption

## What was just done
dispatch-done-dispatch = Dispatched.
dispatch-done-acknowledgement = Acknowledged. The department files its plan next.
dispatch-done-return = Returned; the organiser will rule. The clock runs on.
dispatch-done-ruling = The ruling is given.
dispatch-done-plan = The plan is filed; the work begins.
dispatch-done-report = Reported; the province's coordinator has to sign.
dispatch-done-withdrawal = The report is withdrawn and can be filed again.
dispatch-done-signature = Signed. It counts under “Signed as resolved” and awaits the team's check.
dispatch-done-sending-back = Sent back to the department.
dispatch-done-verification = Recorded as verified.
dispatch-done-rejection = Now in rework. The province sees the finding.
dispatch-done-relapse = Now in rework. The province sees the finding.
dispatch-done-exemption = Exempted. The reason is public.
dispatch-done-exemption-request = The request is with the organiser. The state stays as it is.
dispatch-done-exemption-refusal = The exemption is refused. The state stays as it is.

## Deadlines
dispatch-due-acknowledge-past = The limit for acknowledging, { $day }, is over
dispatch-due-acknowledge-late = { $n ->
    [one] Acknowledgement { $n } working day late (due { $day })
   *[other] Acknowledgement { $n } working days late (due { $day })
}
dispatch-due-acknowledge-today = To be acknowledged today by 24:00
dispatch-due-acknowledge-left = { $n ->
    [one] { $n } working day left to acknowledge, by { $day } 24:00
   *[other] { $n } working days left to acknowledge, by { $day } 24:00
}
dispatch-due-fix-past = The deadline, { $day }, is over
dispatch-due-fix-late = { $n ->
    [one] { $n } working day overdue (due { $day })
   *[other] { $n } working days overdue (due { $day })
}
dispatch-due-fix-today = Due today by 24:00
dispatch-due-fix-left = { $n ->
    [one] { $n } working day left, by { $day } 24:00
   *[other] { $n } working days left, by { $day } 24:00
}

## The form of a move
dispatch-back = Back to the assignment
dispatch-typed = What was entered
dispatch-hands = These people can do it:{ " " }
dispatch-refused = This was not done. Everything entered is still here
dispatch-changes = What changed after this page was opened
dispatch-change = { $at }: { $office } { $act }. It is now “{ $state }”
dispatch-field-department = Responsible department
dispatch-field-department-hint = Filled in from earlier work and the lead department. It can be changed.
dispatch-field-return-basis = Basis in law or in the list of duties
dispatch-field-to = Ruling
dispatch-field-ruling = Reasons of the ruling
dispatch-field-class = Class of exemption
dispatch-field-exemption-basis = Why it need not be done
dispatch-field-exemption = Reason of the exemption
dispatch-field-exemption-refusal = Reason of the refusal
dispatch-field-decision = Reason, for or against
dispatch-ruled-province = The province does it and cannot return it again
dispatch-ruled-exempt = Exempt; it stays in the total
dispatch-class-no-such-service = The service does not exist there
dispatch-class-law-forbids = A law forbids the remedy
dispatch-told-acknowledgement = The department then files its plan. The clock started at dispatch and is not reset.
dispatch-told-return = It can be returned once, until { $day }, 24:00. The clock runs on, and the organiser decides.
dispatch-told-ruling = After the ruling it cannot be returned again. The reasons are public.
dispatch-told-exemption-request = The organiser decides. Until then the state stays and the clock runs on.
dispatch-told-exemption = It becomes exempt and the reason is public. It stays in the total; a second rate leaves it out.
dispatch-told-exemption-refusal = The state stays and the clock runs on. The province may ask again with a new basis.

## The work of the day
dispatch-work-today = Today is { $weekday }, { $day }, a working day
dispatch-work-day-off = Today is { $weekday }, { $day }, a day off
dispatch-work-counts = What waits, in numbers
dispatch-work-soon = due within 3 working days
dispatch-work-empty = Nothing due today
dispatch-work-empty-late = Nothing waits for you, but { $n ->
    [one] { $n } assignment is
   *[other] { $n } assignments are
} overdue
dispatch-work-late = Overdue assignments wait for provinces and supervision teams; the figure above leads to the list.
dispatch-work-next = { $n ->
    [one] Next deadline: { $weekday } { $day }, { $n } assignment
   *[other] Next deadline: { $weekday } { $day }, { $n } assignments
}
dispatch-work-nothing = No assignment is open just now.
dispatch-work-campaigns = Campaigns that wait
dispatch-work-confirmations = Account changes that wait for your confirmation
dispatch-work-rows = Assignments that wait
dispatch-work-standing = The campaigns
dispatch-work-phase = { $phase }, { $happens } on { $day }
dispatch-work-ballots = { $n } ballots, { $real } of them under a real name
dispatch-work-by-province = Overdue by province
dispatch-work-by-province-sum = { $n } of { $all } assignments are overdue, in { $provinces } provinces, the most first.
dispatch-work-more = { $n ->
    [one] { $n } more in the list of assignments
   *[other] { $n } more in the list of assignments
}
dispatch-work-administers = System administrators look after accounts and working days and see no business content. Roles are granted by security administrators.
dispatch-work-grants = Security administrators grant and withdraw roles, confirm changes of accounts and see no business content. Accounts are made by system administrators.
dispatch-todo-acknowledgement = to acknowledge
dispatch-todo-plan = to plan
dispatch-todo-report = to report
dispatch-todo-rework = in rework
dispatch-todo-signature = to sign
dispatch-todo-verification = to check
dispatch-todo-ruling = to rule upon
dispatch-todo-exemption = exemptions to decide
dispatch-step-draft = In draft; it goes to an approver next
dispatch-step-draft-button = Go on writing
dispatch-step-review = Waits to be approved
dispatch-step-review-button = Review the campaign
dispatch-step-halt = A halt waits to be confirmed
dispatch-step-halt-button = See the campaign
dispatch-step-confirm-role = Role to be confirmed: { $role }
dispatch-step-confirm-button = See the account
dispatch-step-count = Voting is over; the count is due
dispatch-step-count-button = Go to the count
dispatch-step-select = Counted; the selection is to be drawn up
dispatch-step-select-button = Draw up the selection
dispatch-step-certify = The selection waits to be signed
dispatch-step-certify-button = Check the selection
dispatch-step-dispatch = Certified; to be dispatched
dispatch-step-dispatch-button = See the dry run

dispatch-look-verification = Check it

## The list
dispatch-list-all = All
dispatch-list-filter = Filter the list
dispatch-list-total = { $n ->
    [one] { $shown } assignment
   *[other] { $shown } assignments
}
dispatch-list-without = , without it
dispatch-list-none = No assignment matches
dispatch-list-try = Try without “{ $word }”
dispatch-list-caption = Open assignments first, in the order of their deadlines
dispatch-list-tick-all = Tick all that wait to be acknowledged
dispatch-list-pages = Pages
dispatch-list-page = Page { $page } of { $pages }, { $n } in all
dispatch-list-prev = Previous page
dispatch-list-next = Next page

## Acknowledging many rows
dispatch-bulk-title = Acknowledge several
dispatch-bulk-start = Acknowledge the ticked
dispatch-bulk-start-hint = The next page shows the departments first
dispatch-bulk-ask = { $n ->
    [one] Acknowledge { $n } assignment
   *[other] Acknowledge { $n } assignments
}
dispatch-bulk-ready = { $n } can be acknowledged; { $missing } lack something or cannot be
dispatch-bulk-none = Nothing was ticked
dispatch-bulk-back = Back to the list
dispatch-bulk-everywhere = One department for all
dispatch-bulk-everywhere-hint = Write it, then press “Put it everywhere”: every line below changes.
dispatch-bulk-same = Put it everywhere
dispatch-bulk-caption = Assignments and their departments
dispatch-bulk-note = Filled in from earlier work and the lead department; each line can be changed.
dispatch-bulk-apply = Acknowledge { $n }
dispatch-bulk-no-department = no department
dispatch-bulk-done = { $n } acknowledged.
dispatch-bulk-result = { $done } acknowledged; { $failed } not: { $reasons }
dispatch-bulk-failed-for = { $codes } ({ $reason })

## Returns and exemptions
dispatch-rulings-sum = { $returned } returned, { $requests } exemptions to decide
dispatch-rulings-returns = Returned assignments
dispatch-rulings-exemptions = Requests for exemption
dispatch-rulings-no-returns = No return waits for a ruling.
dispatch-rulings-no-exemptions = No request waits for a decision.
dispatch-ruling-since = Since { $since }
dispatch-ruling-limit = To be decided within 2 working days, by { $day }
dispatch-ruling-late = Should have been decided by { $day }; it still can be
dispatch-returns-history = { $place }: earlier returns and rulings ({ $n })
dispatch-returns-first = This province has returned nothing before.
dispatch-returns-line = { $at } { $code }: { $act }, now “{ $state }”

## The dispatch
dispatch-wizard-title = Dispatch
dispatch-wizard-plan = Dry run: { $rows } assignments
dispatch-wizard-done = { $rows } assignments dispatched
dispatch-wizard-sum = { $issues } issues × { $units } provinces = { $rows } assignments
dispatch-wizard-signed = Dispatched at { $at } by { $who }. Dispatching again changes nothing.
dispatch-wizard-unloaded = The arrangement of these years is not loaded; Monday to Friday are counted:{ " " }
dispatch-wizard-due = To be fixed by
dispatch-wizard-due-text = { $day } 24:00, working day { $n }
dispatch-wizard-each = Each issue goes to { $units } provinces, due at 24:00 on { $day }, working day { $n }.
dispatch-wizard-rolled = Rolled forward
dispatch-wizard-rolled-text = { $day } is a day off; the next working day counts
dispatch-wizard-acknowledge = To be acknowledged by
dispatch-wizard-met = Holidays and make-up days met
dispatch-day-holiday = { $day } off
dispatch-day-makeup = { $day } worked
dispatch-wizard-left-out = Provinces left out
dispatch-wizard-signers = Who can dispatch
dispatch-wizard-sign = Dispatch it
dispatch-wizard-final = Every province receives its assignments at once and the clock starts. It cannot be taken back.
dispatch-wizard-wrote = The author cannot dispatch; one of the approvers above does.
dispatch-wizard-waits = One of the approvers above dispatches.
dispatch-wizard-issues = { $name }: { $n } issues

## Refusals
error-assignment-wrong-state = It is now “{ $state ->
    [dispatched] Dispatched
    [returned] Returned
    [acknowledged] Acknowledged
    [in_progress] In progress
    [reported] Reported
    [resolved] Resolved
    [verified] Verified
    [rework] Rework
   *[exempt] Exempt
}”; this cannot be done
error-assignment-not-yours = This is for { $hand ->
    [coordinator] the province's coordinator
    [coordinator_or_handler] the province's coordinator or department
    [reporter] the one who reported
    [coordinator_not_reporter] the province's coordinator
    [organiser] the organiser
   *[leader] the leader of the province's team
}
error-assignment-stale = After this was opened, { $office } { $act ->
    [acknowledgement] acknowledged it
    [return] returned it
    [ruling] ruled on it
    [plan] filed the plan
    [report] reported
    [withdrawal] withdrew the report
    [signature] signed it as resolved
    [sending-back] sent it back
    [verification] confirmed the fix
    [rejection] demanded rework
    [relapse] recorded a relapse
    [exemption] exempted it
   *[other] changed it
} at { $at }; it is now “{ $state ->
    [dispatched] Dispatched
    [returned] Returned
    [acknowledged] Acknowledged
    [in_progress] In progress
    [reported] Reported
    [resolved] Resolved
    [verified] Verified
    [rework] Rework
   *[exempt] Exempt
}”. Everything entered is below
error-assignment-own-report = { $count ->
    [one] A reporter cannot sign the own report. { $count } other in the province can
   *[other] A reporter cannot sign the own report. { $count } others in the province can
}
error-assignment-own-work = You worked on this assignment for the province; somebody else has to decide it
error-assignment-own-province = You come from this province; another team leader has to check it
error-assignment-returned-before = It can be returned once, and has been
error-assignment-return-late = The limit for returning, { $day }, is over
error-assignment-many-rows = At most { $most } at a time
error-dispatch-author = The author cannot dispatch; another approver does
error-exemption-asked = A request for exemption already waits for a decision
error-exemption-not-asked = No request for exemption waits for a decision
## The final check before a dispatch
dispatch-final = { $rows } assignments ({ $issues } issues × { $units } provinces) go to { $units } provinces at once, and the clock starts on { $from }: to be acknowledged by 24:00 on { $acknowledge }, fixed by 24:00 on { $due }, { $n } working days.
dispatch-final-lasting = A dispatch cannot be taken back and its deadlines cannot be changed. After it, provinces can only return single assignments or ask for exemptions.
dispatch-final-signed = { $who } signed on { $at }
dispatch-final-back = Back to the dry run
error-dispatch-changed = Assignments or deadlines changed after this was opened. Look at them below first
