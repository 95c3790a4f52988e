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
report-coverage-partial = { $done } of { $all } covered: partly resolved, not counted under “Signed as resolved”
report-partial-ask = { $done } of { $all } covered. It will stand as partly resolved, not count under “Signed as resolved”, and cannot be signed until all are covered.
report-partial-send = Report as partly resolved
report-reporter = Reported by
report-reporter-text = { $who }, { $at }
report-tests = How the team will check
report-finding-word = Finding to answer:
report-evidence = Evidence
report-evidence-add = Add evidence
report-evidence-hint = Documents, notices, screenshots or logs. PDF, JPG or PNG, up to 20 MB each.
report-evidence-redrawn = Pictures were drawn anew, without where they were taken and the like.
report-evidence-scarce = Evidence of your province: { $used } of { $most }, { $used_files } of { $files } files. It is nearly full; ask the system administrator.
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
report-told-signature = It becomes resolved, counts under “Signed as resolved”, and the supervision team checks it.
report-told-sending-back = It goes back to work in progress; the department sees the reason.
report-told-partial = A report that does not cover all cannot be signed; it stands as partly resolved.
report-reason-withdrawal = Why it is withdrawn
report-reason-sending-back = Why it is sent back

## Refusals
error-report-effective-later = It cannot be in force later than today
error-report-coverable = The total lies between 1 and 100,000
error-report-covered = The number covered lies between 0 and the total
error-report-no-evidence = No evidence yet. Upload at least 1 file
error-report-much-evidence = At most 20 files of evidence
error-report-unknown-evidence = This file was not found: { $hash }. Upload it first
error-report-partial = { $covered } of { $coverable } covered: partly resolved, not to be signed
error-evidence-empty = “{ $name }” is empty and was not accepted
error-evidence-kind = “{ $name }” was not accepted: { $what ->
    [heic] its content is HEIC, the picture format of newer phones. Set the camera to “most compatible”, or save it as JPG
    [avif] its content is an AVIF picture. Save it as JPG or PNG
    [webp] its content is a WebP picture. Save it as JPG or PNG
    [gif] its content is a GIF picture. Save it as PNG
    [bmp] its content is a BMP picture. Save it as PNG
    [tiff] its content is a TIFF picture. Save it as JPG or PNG
    [raw] its content is a raw picture of a camera. Save it as JPG
    [jpeg2000] its content is a JPEG 2000 picture. Save it as JPG or PNG
    [jxl] its content is a JPEG XL picture. Save it as JPG or PNG
    [psd] its content is a Photoshop file. Save it as JPG or PNG
    [svg] its content is an SVG drawing. Save it as PNG, or print it to a PDF
    [video] its content is a video. Take pictures of it, or describe it in a PDF
    [office] its content is an Office document or an archive. Export it as PDF
    [audio] its content is a sound recording. Describe it in a PDF
    [archive] its content is an archive. Unpack it and upload its files one by one
    [rtf] its content is an RTF document. Export it as PDF
    [postscript] its content is a PostScript file. Export it as PDF
    [html] its content is a web page. Print it to a PDF, or take a picture of it
   *[other] PDF, JPG or PNG up to 20 MB
}
error-evidence-large = “{ $name }” was not accepted: larger than { $megabytes } MB
error-evidence-full = The files of one assignment may have { $megabytes } MB in all
error-evidence-broken = “{ $name }” was not accepted: the picture does not open. Export it again as JPG or PNG
error-evidence-grown = “{ $name }” was not accepted: stored without its hidden data the picture would be larger than { $megabytes } MB. Save it with fewer pixels and upload it again
error-evidence-pixels = “{ $name }” was not accepted: { $width } × { $height } pixels are too many, at most { $millions } million for this sort of picture. Make it smaller and upload it again
error-evidence-pdf-broken = “{ $name }” was not accepted: the PDF is not whole. Export it again
error-evidence-pdf-active = “{ $name }” was not accepted: the PDF holds scripts, programs, actions, or links to files of other computers. Print it to a new PDF and upload that
error-evidence-pdf-files = “{ $name }” was not accepted: the PDF has other files attached. Upload those by themselves, and print the document to a new PDF
error-evidence-pdf-locked = “{ $name }” was not accepted: the PDF is locked or cannot be looked into. Print it to a new PDF and upload that
error-evidence-infected = “{ $name }” was not accepted: a virus was found ({ $what }). Do not open this file again
error-evidence-unscanned = “{ $name }” was not accepted: the virus scanner does not answer. Upload it again in some minutes
error-evidence-province-bytes = Your province keeps { $used } of evidence, at most { $most }, in { $used_files } files (at most { $files }). Drop files that are not needed, or ask the system administrator
error-evidence-province-files = Your province keeps { $used_files } files of evidence, at most { $files }, of { $used } (at most { $most }). Drop files that are not needed, or ask the system administrator
error-evidence-none = No file arrived
error-plan-root-cause = Choose one of the listed causes
error-plan-remedy = Choose one of the listed remedies
error-plan-no-milestone = Write at least one line of the timetable
error-plan-many-milestones = At most 20 lines in the timetable
error-plan-half-milestone = Each line needs both a date and what will be done
