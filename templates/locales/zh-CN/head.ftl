## 页面的简介，给搜索引擎和转发的链接
head-joint = { "" }
head-campaigns = 每一次投票的题目、规则、起止时间和结果。
head-results = { $name }：{ $finding }。每个题目的票数、名次和入选线，匿名票和实名票分列。
head-ballot = { $name }的选票：约1分钟，不用注册，投完有回执可以核对。
head-receipts = 用回执号码查自己的选票有没有收进公开日志。回执看不出选了什么。
head-definitions = “省级确认解决”“已核验”“逾期”“返工”“免办”各指什么，怎么算。
head-issue = { $title }：{ $verdict }
head-province = { $name }：{ $status }。每个堵点改到哪一步、由谁核验，逐项列出。
head-assignment = { $title }：{ $stands }。以前怎样、现在怎样，佐证和经过逐条列出。
head-province-outside = { $name }：还没有交办到这里的堵点。
head-assignment-before = { $title }：这一天还没有交办。
head-dashboard = { $name }（{ $part }）：{ $finding }
