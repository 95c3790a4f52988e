## The frame of every page
layout-site = 疏堵
layout-title-dash = ——
layout-skip = 跳到正文
layout-nav = 主导航
layout-nav-campaigns = 活动
layout-nav-dashboard = 看板
layout-nav-receipts = 核对回执
layout-nav-verify = 自己核对
layout-nav-privacy = 隐私
layout-nav-search = 搜索
layout-nav-definitions = 口径说明
layout-nav-data = 数据与接口
layout-nav-about = 关于本站
layout-nav-accessibility = 无障碍
layout-nav-terms = 使用说明
layout-nav-incidents = 本站的差错
layout-nav-sign-in = 工作人员登录
layout-nav-desk = 工作台
layout-menu = 菜单
layout-type = 字号
layout-type-size = 字号
layout-type-1 = 标准
layout-type-2 = 大字
layout-type-3 = 特大
layout-theme = 颜色
layout-theme-system = 跟随系统
layout-theme-light = 浅色
layout-theme-dark = 深色
layout-demo-word = 演示数据：
layout-demo-text = 各省结果为虚构
layout-foot-purpose = 哪里办事堵，您来说；改没改，大家看。
layout-operator = 运营单位：{ $name }
layout-card = 本站标志：两扇门之间一支通过的箭头
layout-foot-time = 时间均为北京时间（UTC+8）。每个数字都写明分子、分母和日期。

## Words that macros use
layout-error-at = { $label }：{ $sentence }
layout-error-prefix = 出错：
layout-busy = 正在提交……
layout-copied = 已复制
layout-offline = 没有网络，填写的内容都还在。连上网络以后再按一次。
layout-past-view = 历史视图
layout-skip-matrix = 跳过矩阵
layout-comma = ，
layout-csv = 下载CSV
layout-rank = 名次
layout-option = 题目
layout-drawing = 图示

## The nine states
state-dispatched = 已交办
state-returned = 已退回
state-acknowledged = 已签收
state-in_progress = 整改中
# The same word under a key without an underscore
state-in-progress = { state-in_progress }
state-reported = 已上报
state-resolved = 已解决
state-verified = 已核验
state-rework = 返工
state-exempt = 免办

## What each state means, in one sentence
state-dispatched-means = 已交办到省里，等待签收
state-returned-means = 省里认为不归自己办，等待裁定
state-acknowledged-means = 省里已签收，定了承办部门
state-in_progress-means = 原因和办法已定，正在改
state-in-progress-means = { state-in_progress-means }
state-reported-means = 承办部门说改好了，等省里签字
state-resolved-means = 省级确认解决，等督导核验
state-verified-means = 督导组实地或实办核验通过
state-rework-means = 核验没有通过，要重新整改
state-exempt-means = 依据公开的理由，不用办理

## Facts beside a state
fact-overdue = 逾期
fact-due-soon = 即将到期
fact-escalated = 已督办
fact-partial = 部分解决
fact-extended = 已延期
fact-challenge = 有质疑
fact-changed = 有变化
fact-overdue-days = 逾期{ $n }个工作日
fact-due-soon-days = 还剩{ $n }个工作日
fact-escalated-level = 已督办（第{ $n }级）
fact-partial-of = 已覆盖{ $done }/{ $all }个县区
fact-extended-to = 延期至{ $date }
fact-challenge-open = { $n }条质疑待答复
fact-changed-from = 从“{ $from }”到“{ $to }”
## The left side of every desk
layout-desk-work = 我的工作
layout-desk-campaigns = 活动管理
layout-desk-assignments = 任务清单
layout-desk-rulings = 退回与免办
layout-desk-delegations = 授权代办
layout-desk-accounts = 账号管理
layout-desk-calendar = 工作日历
layout-desk-incidents = 公布差错
layout-desk-audit = 审计记录
layout-desk-retention = 保留期限
layout-desk-account = 当前账号：{ $name }
layout-system-time = { $at }（系统时间）
