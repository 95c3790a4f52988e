## Descriptions of pages for search engines and shared links
head-joint = { " " }
head-campaigns = Options, rules, dates and results of every vote.
head-results = { $name }: { $finding }. Votes, ranks and the cut for every option, anonymous and real-name votes apart.
head-ballot = Ballot of { $name }: about a minute, no account, and a receipt that can be checked.
head-receipts = Look up whether your ballot is in the public log. A receipt never shows a choice.
head-definitions = The meaning of “signed as resolved”, “verified”, “overdue”, “rework” and “exempt”, and how each is counted.
head-issue = { $title }: { $verdict }
head-province = { $name }: { $status }. How far each issue is, and who checked it, line by line.
head-assignment = { $title }: { $stands }. Before and after, evidence and history, step by step.
head-province-outside = { $name }: no issue has been dispatched here.
head-assignment-before = { $title }: not dispatched yet on that day.
head-dashboard = { $name } ({ $part }): { $finding }
