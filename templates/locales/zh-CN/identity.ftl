## The left side of every desk
identity-nav-work = 我的工作
identity-nav-campaigns = 活动管理
identity-nav-assignments = 任务清单
identity-nav-rulings = 退回与免办
identity-nav-delegations = 授权代办
identity-nav-accounts = 账号管理
identity-nav-calendar = 工作日历
identity-nav-audit = 审计记录
identity-nav-retention = 保留期限
identity-nav-account = 当前账号：{ $name }
identity-sign-out = 退出登录
identity-crumbs = 所在位置

## Signing in
identity-sign-in-title = 工作人员登录
identity-sign-in-citizens = 群众投票不用登录。
identity-sign-in-vote = 去投票
identity-sign-in-refused = 没有登录成功
identity-sign-in-button = 登录工作台
identity-sign-in-lost = 忘记密码，请找系统管理员重设。
identity-sign-on-button = 用{ $name }登录
identity-sign-on-only = 密码只留给少数管理员，在统一登录用不了的时候使用。
identity-sign-on-still = 在{ $name }可能还没有退出。
identity-sign-on-end = 同时退出{ $name }
identity-login = 账号
identity-password = 密码

## What was just done
identity-done-sign-out = 已退出登录。
identity-done-password = 密码已改，所有设备都已退出。请用新密码登录。
identity-done-account = 账号已建立，可以登录。角色由安全管理员授予。
identity-done-change = 账号已修改，原来的登录都已结束。
identity-done-suspension = 账号已停用，原来的登录都已结束。
identity-done-reinstatement = 账号已恢复，可以登录。
identity-done-reset = 密码已重设，原来的登录都已结束。
identity-done-link = 账号已关联，以后可以从那里登录。
identity-done-unlink = 关联已取消，从那里来的角色也已收回，原来的登录都已结束。
identity-done-roles = 角色已保存，原来的登录都已结束。系统管理、安全管理、审计和批准人要由系统管理员确认后才生效。
identity-done-confirmation = 角色已确认，现在生效。
identity-done-refusal = 没有授予这个角色。
identity-done-delegation = 授权已登记，从起始日起生效。
identity-done-delegation-end = 授权已提前结束。

## Refused forms
identity-errors = 有{ $count }处要改，填写的内容都还在
identity-errors-at = { $label }：{ $sentence }
identity-errors-passwords = 有{ $count }处要改，密码要重新填写

## Own password
identity-password-title = 修改密码
identity-password-lead = 改好后，所有设备都会退出，要用新密码重新登录。
identity-password-old = 现在的密码
identity-password-new = 新密码
identity-password-rule = 12到128个字符，不能含有账号名。几个不相干的词连起来，好记也难猜。
identity-password-again = 再写一遍新密码
identity-password-button = 修改密码

## Roles
identity-role = 角色
identity-roles = 角色
identity-roles-hint = 系统管理、安全管理、审计不能兼任别的角色；起草人不能兼批准人，被督导的人不能兼督导。
identity-role-in = { $role }（{ $scope }）
identity-and = 、
identity-role-choose = 请选择
identity-role-province = { $role }：省份
identity-role-team = { $role }：督导组
identity-role-scope-missing = 勾选了这个角色，请选择
identity-role-sysadmin = 系统管理
identity-role-security-admin = 安全管理
identity-role-organiser = 活动主办
identity-role-approver = 批准人
identity-role-province-coordinator = 省级统筹
identity-role-handler = 承办
identity-role-team-leader = 督导组长
identity-role-auditor = 审计
identity-role-means-sysadmin = 管账号和工作日历，看不到业务内容
identity-role-means-security-admin = 授予和收回角色，看不到业务内容
identity-role-means-organiser = 起草活动，裁定退回，审批免办
identity-role-means-approver = 批准发布、认定结果、交办任务
identity-role-means-province-coordinator = 签收本省任务，签字确认解决
identity-role-means-handler = 填写本省的整改计划，上报结果
identity-role-means-team-leader = 核验本组各省的结果，可以退回返工
identity-role-means-auditor = 什么都能看，什么都不能改

## List of accounts
identity-accounts-title = 账号管理
identity-accounts-caption = 账号，按账号名排列
identity-accounts-search = 账号、姓名或单位
identity-accounts-all = 全部
identity-accounts-filter = 筛选账号
identity-accounts-unfilter = 去掉筛选
identity-accounts-count = 共{ $n }个账号
identity-accounts-none = 没有符合这些条件的账号
identity-accounts-none-how = 换一个词，或者去掉筛选。
identity-accounts-pages = 分页
identity-accounts-page = 第{ $page }页，共{ $pages }页
identity-accounts-prev = 上一页
identity-accounts-next = 下一页
identity-name = 姓名
identity-office = 单位
identity-state = 状态
identity-state-active = 可登录
identity-state-suspended = 已停用
identity-since = 建立于

## New account
identity-new-title = 新建账号
identity-new-button = 建立账号
identity-login-hint = 3到40个英文字母、数字、点、横线或下划线，建立后不能改
identity-name-hint = 只有工作人员看得到
identity-office-hint = 办理记录里用它署名，会对外公开
identity-password-first = 首次密码
identity-password-first-hint = 12到128个字符，不能含有账号名。请当面或打电话告诉本人，让本人登录后修改。

## One account
identity-account-title = { $name }的账号
identity-account-own = 这是自己的账号，由另一位管理员修改。自己的密码在“修改密码”里改。
identity-account-change = 修改信息
identity-account-ends = 保存后，这个账号现有的登录都会结束，要重新登录。
identity-account-save = 保存账号
identity-account-reset = 重设密码
identity-account-suspend = 停用账号
identity-account-suspend-means = 停用后不能登录，现有的登录马上结束。办过的事和角色都保留，以后可以恢复。
identity-account-reinstate = 恢复账号
identity-account-reinstate-means = 恢复后可以用原来的密码和角色登录。
identity-home = 来自省份
identity-home-none = 不填
identity-home-hint = 督导组长不核验自己来自的省份。
identity-proposed = 等待确认的角色
identity-proposed-means = 这些角色由安全管理员提出，由系统管理员确认后才生效。
identity-proposed-confirm = 确认授予
identity-proposed-refuse = 不授予
identity-account-roles = 授予和收回角色
identity-account-roles-means = 保存后，这个账号现有的登录都会结束。系统管理、安全管理、审计和批准人要由系统管理员确认后才生效。
identity-account-roles-save = 保存角色
identity-new-roles = 新账号还没有角色，由安全管理员授予。
identity-delegations-title = 授权代办
identity-delegations-caption = 现在和以后的授权
identity-delegations-means = 不在岗的日子，可以把自己的角色交给本单位、本省或本组的人代办。代办的事记在两个人名下，凡要两个人经手的，两人只算一个人。代办的角色不能再转给别人。
identity-delegations-none = 现在没有授权
identity-delegation-lender = 授权人
identity-delegation-borrower = 代办人
identity-delegation-borrower-hint = 本单位、本省或本组的账号。
identity-delegation-when = 日期
identity-delegation-days = { $from }至{ $until }
identity-delegation-end = 结束
identity-delegation-end-now = 提前结束
identity-delegation-new = 新的授权
identity-delegation-from = 起始日
identity-delegation-until = 截止日（含）
identity-delegation-most = 最长{ $days }天。
identity-delegation-button = 授权
identity-delegation-person = { $name }（{ $office }）

## The link of an account with a provider
identity-link-title = 用{ $name }登录
identity-link-none = 这个账号还没有关联。可以邀请本人关联，或者填写本人在对方的标识。
identity-link-since = { $day }起已关联。从那里来的角色每次登录时更新。
identity-link-invite = 生成邀请
identity-link-invited = 请把这个地址交给账号本人，不要给别人。72小时内有效，只能用一次，只在这里显示一次。
identity-link-subject = 本人在对方的标识
identity-link-subject-hint = 对方给出的“sub”，一个字符都不能差。不是邮箱，也不是姓名。
identity-link-button = 关联账号
identity-link-remove = 取消关联

## Refusals
error-account-sign-in = 账号或密码不对，或者账号不能用
error-account-login = 账号要有3到40个英文字母、数字、点、横线或下划线
error-account-login-taken = 这个账号名已有人用，请换一个
error-account-own = 自己的账号要由另一位管理员修改
error-account-changed = 别人刚改过这个账号。上面是现在的情况，下面是刚才填写的，核对后再保存
error-account-no-role = 至少要有一个角色
error-account-offices-apart = 系统管理、安全管理、审计不能兼任别的角色
error-account-checks-itself = 督导组长不能兼省级统筹或承办
error-account-author-approves = 活动主办不能兼批准人
error-account-scope = 没有“{ $scope }”这个省份或督导组
error-account-scope-missing = 勾选的角色还没有选省份或督导组
error-account-sign-on-only = 这个账号不能用密码登录，请用上面的按钮
error-account-sign-on-unknown = 身份认出来了，但没有关联可以使用的账号。请向系统管理员要一个邀请。本人在对方的标识是{ $subject }
error-account-sign-on-taken = 已经关联过账号，这个邀请没有使用。请直接登录
error-account-sign-on-invitation = 邀请已经用过、过期或者被新的代替。请向系统管理员要一个新的
error-account-sign-on-roles = 对方给出的角色不能由一个人兼任，所以没有登录。请联系对方的分组管理人员和系统管理员
error-account-sign-on-no-role = 对方没有给出角色，这里也没有授予角色，所以没有登录。请联系对方的分组管理人员
error-account-sign-on-linked = 这个账号或标识已有关联，请先取消
error-account-home-province = 没有这个省份
error-role-proposer = 提出的人不能自己确认，要由另一个人确认
error-delegation-not-yours = 只能授权自己的角色，代办的角色不能再转给别人
error-delegation-borrower = 请选择本单位、本省或本组一个可以用的账号
error-delegation-has-it = 这个人本来就有这个角色
error-delegation-from = 起始日不能早于今天
error-delegation-until = 截止日不能早于起始日
error-delegation-long = 一次最长{ $days }天
error-password-length = 密码要有{ $least }到{ $most }个字符
error-password-guessable = 这个密码太好猜：不能含有账号名，也不能总是那几个字符
error-password-wrong = 现在的密码不对
error-password-same = 新密码和现在的一样，请换一个
error-password-differs = 两遍新密码不一样
