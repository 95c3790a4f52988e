## What the command line refuses
error-import-slug = “{ $slug }”不能用作活动地址：只用小写字母、数字和短横，最多40个
error-import-project = 第{ $line }行：项目编号“{ $project }”不能用在地址里，只用字母、数字、点、短横和下划线
