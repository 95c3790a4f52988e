## Lists of all issues and of all provinces
lists-issues-title = 全部堵点
lists-issues-lead = { $seasons }季选出{ $n }个堵点。截至{ $day }，{ $all }项任务里省级确认解决{ $done }项，其中督导组核验{ $verified }项；逾期{ $late }项。
lists-issues-waiting = 名单已经签字，还没有交办
lists-issues-standing = { $all }项任务，省级确认解决{ $done }项，已核验{ $verified }项，逾期{ $late }项
lists-issues-none = 这一季里没有这类堵点
lists-issues-all = 看全部堵点
lists-provinces-title = 各省进展
lists-provinces-lead = 每行一个省级单位，共{ $n }个。截至{ $day }，{ $all }项任务里省级确认解决{ $done }项，逾期{ $late }项。
lists-provinces-order = 按行政区划代码排列，不排名次。数字是“省级确认解决/交办”。
lists-provinces-others = 不在交办范围的地区
lists-campaign = 季
lists-theme = 主题
lists-all = 全部
lists-show = 查看
lists-keys = 图例和说明
