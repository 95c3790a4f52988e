## The plan
report-told-plan = The deadline, { $day }, stays. The plan becomes part of the public history.
report-root-cause = Why it blocks
report-remedy = What will be done
report-description = Details
report-description-hint = Where it blocks in this province and what is planned. May be left empty.
report-milestones = Timetable
report-milestones-hint = On each line a date and what will be done by then; at least one line.
report-milestone-day = Date
report-milestone-text = Done by then
report-planner = Filed by

## The report
report-claim = What was reported
report-claim-ended = Report of { $at }, no longer standing since { $ended }
report-before = How it was
report-before-hint = What people had to do before.
report-after = How it is now
report-after-hint = What changed, and what people have to do now.
report-effective = In force since
report-effective-hint = Not later than today ({ $day }).
report-coverage = Coverage
report-coverage-hint = Counted in counties, windows or hospitals, the same way all over the province.
report-covered = Covered
report-coverable = Out of
report-coverage-all = { $done } of { $all } covered
report-coverage-partial = { $done } of { $all } covered: partly resolved, not counted as resolved
report-partial-ask = { $done } of { $all } covered. It will stand as partly resolved, not be counted as resolved, and cannot be signed until all are covered.
report-partial-send = Report as partly resolved
report-reporter = Reported by
report-reporter-text = { $who }, { $at }
report-tests = How the team will check
report-finding-word = Finding to answer:
report-evidence = Evidence
report-evidence-add = Add evidence
report-evidence-hint = Documents, notices, screenshots or logs. PDF, JPG or PNG, up to 20 MB each.
report-upload = Only upload the files
report-files = { $n ->
    [one] { $n } file uploaded
   *[other] { $n } files uploaded
}
report-drop = Remove
report-elsewhere = { $n ->
    [one] The same file serves { $n } other assignment
   *[other] The same file serves { $n } other assignments
}

## Withdrawal, signature, sending back
report-told-withdrawal = It goes back to work in progress and can be reported again.
report-told-signature = It becomes resolved, counts as reported resolved, and the supervision team checks it.
report-told-sending-back = It goes back to work in progress; the department sees the reason.
report-told-partial = A report that does not cover all cannot be signed; it stands as partly resolved.
report-reason-withdrawal = Why it is withdrawn
report-reason-sending-back = Why it is sent back

## Refusals
error-report-effective-later = It cannot be in force later than today
error-report-coverable = The total lies between 1 and 100,000
error-report-covered = What is covered lies between 0 and the total
error-report-no-evidence = No evidence yet. Upload at least 1 file
error-report-much-evidence = At most 20 files of evidence
error-report-unknown-evidence = This file was not found: { $hash }. Upload it first
error-report-partial = { $covered } of { $coverable } covered: partly resolved, not to be signed
error-evidence-empty = “{ $name }” is empty and was not accepted
error-evidence-kind = “{ $name }” was not accepted: PDF, JPG or PNG up to 20 MB
error-evidence-large = “{ $name }” was not accepted: larger than { $megabytes } MB
error-evidence-full = The files of one assignment may have { $megabytes } MB in all
error-evidence-none = No file arrived
error-plan-root-cause = Choose one of the listed causes
error-plan-remedy = Choose one of the listed remedies
error-plan-no-milestone = Write at least one line of the timetable
error-plan-many-milestones = At most 20 lines in the timetable
error-plan-half-milestone = Each line needs both a date and what will be done
