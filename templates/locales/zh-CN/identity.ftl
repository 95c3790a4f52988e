## The left side of every desk
identity-nav-work = 我的工作
identity-nav-campaigns = 活动管理
identity-nav-assignments = 任务清单
identity-nav-rulings = 退回与免办
identity-nav-accounts = 账号管理
identity-nav-calendar = 工作日历
identity-nav-account = 当前账号：{ $name }
identity-sign-out = 退出登录
identity-crumbs = 所在位置

## Signing in
identity-sign-in-title = 工作人员登录
identity-sign-in-citizens = 群众投票不用登录。
identity-sign-in-vote = 去投票
identity-sign-in-refused = 没有登录成功
identity-sign-in-button = 登录工作台
identity-sign-in-lost = 忘记密码，请找系统管理员重新邀请。
identity-login = 账号
identity-password = 密码

## What was just done
identity-done-sign-out = 已退出登录。
identity-done-password = 密码已改，所有设备都已退出。请用新密码登录。
identity-done-change = 账号已修改，原来的登录都已结束。
identity-done-suspension = 账号已停用，原来的登录都已结束。
identity-done-reinstatement = 账号已恢复，可以登录。
identity-done-factors = 第二步验证已全部取下，原来的登录都已结束。
identity-done-factor = 第二步验证已加上，其他设备都已退出。
identity-done-removal = 第二步验证已取下，其他设备都已退出。
identity-done-session = 那台设备已退出。
identity-done-sessions = 其他设备都已退出。

## Refused forms
identity-errors = 有{ $count }处要改，填写的内容都还在
identity-errors-at = { $label }：{ $sentence }
identity-errors-passwords = 有{ $count }处要改，密码要重新填写

## Own password
identity-password-title = 修改密码
identity-password-lead = 改好后，所有设备都会退出，要用新密码重新登录。
identity-password-old = 现在的密码
identity-password-new = 新密码
identity-password-rule = 12到128个字符，不能含有账号、姓名或单位名。几个不相干的词连起来，好记也难猜。
identity-password-again = 再写一遍新密码
identity-password-button = 修改密码

## Roles
identity-role = 角色
identity-roles = 角色
identity-roles-hint = 系统管理、审计不能兼任别的角色；起草人不能兼批准人，被督导的人不能兼督导。
identity-role-in = { $role }（{ $scope }）
identity-and = 、
identity-role-choose = 请选择
identity-role-province = { $role }：省份
identity-role-team = { $role }：督导组
identity-role-scope-missing = 勾选了这个角色，请选择
identity-role-sysadmin = 系统管理
identity-role-organiser = 活动主办
identity-role-approver = 批准人
identity-role-province-coordinator = 省级统筹
identity-role-handler = 承办
identity-role-team-leader = 督导组长
identity-role-auditor = 审计
identity-role-means-sysadmin = 管账号和工作日历，看不到业务内容
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
identity-new-button = 建立账号并邀请
identity-login-hint = 3到40个英文字母、数字、点、横线或下划线，建立后不能改
identity-name-hint = 只有工作人员看得到
identity-office-hint = 办理记录里用它署名，会对外公开
identity-new-invites = 建立后会得到一个邀请链接。请当面交给本人，由本人定密码；别人不会知道。

## One account
identity-account-title = { $name }的账号
identity-account-own = 这是自己的账号，由另一位系统管理员修改。自己的密码在“修改密码”里改。
identity-account-change = 修改信息和角色
identity-account-ends = 保存后，这个账号现有的登录都会结束，要重新登录。
identity-account-save = 保存账号
identity-account-invite = 重新邀请
identity-account-invite-means = 给登录不了的人。原来的密码和邀请马上作废，现有的登录结束；本人打开新链接，自己定密码。第二步验证不变。
identity-account-waits = 邀请还没有接受，{ $until }前有效。
identity-account-factors = 取下第二步验证
identity-account-factors-mean = 给手机、通行密钥和备用码都丢了的人。先当面核实本人。取下后，现有的登录结束，下次登录重新设置。
identity-account-factors-count = { $count }个
identity-account-suspend = 停用账号
identity-account-suspend-means = 停用后不能登录，现有的登录马上结束。办过的事和角色都保留，以后可以恢复。
identity-account-reinstate = 恢复账号
identity-account-reinstate-means = 恢复后可以用原来的密码和角色登录。

## Refusals
error-account-sign-in = 账号或密码不对，或者账号不能用
error-account-login = 账号要有3到40个英文字母、数字、点、横线或下划线
error-account-login-taken = 这个账号名已有人用，请换一个
error-account-own = 自己的账号要由另一位系统管理员修改
error-account-changed = 别人刚改过这个账号。上面是现在的情况，下面是刚才填写的，核对后再保存
error-account-no-role = 至少要有一个角色
error-account-offices-apart = 系统管理、审计不能兼任别的角色
error-account-checks-itself = 督导组长不能兼省级统筹或承办
error-account-author-approves = 活动主办不能兼批准人
error-account-scope = 没有“{ $scope }”这个省份或督导组
error-account-scope-missing = 勾选的角色还没有选省份或督导组
error-account-code = 验证码不对，或者已经用过。请等下一个验证码
error-account-passkey = 通行密钥没有验证成功，请再试一次
error-account-no-passkey = 这个账号没有通行密钥
error-account-no-pending = 要扫的图已经换过。请重新开始设置
error-account-no-factor = 先设置一种第二步验证，才有备用码
error-account-last-factor = 登录要有第二步验证，最后一种不能取下。请先加上另一种
error-account-invitation = 这个邀请链接不能用：已经用过、过期，或者换成了新的。请找系统管理员重新邀请
error-account-confirm = 这件事要先确认是本人，10分钟内有效
error-account-one-proof = 密码、验证码、通行密钥，请给其中一样
error-password-telling = 密码里不能有账号、姓名、单位或系统的名字
error-password-length = 密码要有{ $least }到{ $most }个字符
error-password-guessable = 这个密码太好猜，常用词、日期、键盘顺序都会先被试到。请用几个不相干的词
error-password-wrong = 密码不对
error-password-same = 新密码和现在的一样，请换一个
error-password-differs = 两遍新密码不一样

## Second step of signing in
identity-code-title = 第二步验证
identity-code-lead = { $name }，密码正确。还要证明是本人。
identity-code = 验证码
identity-code-hint = 验证器应用里的6位数字，或者一个备用码
identity-code-recovery = 备用码
identity-code-recovery-hint = 没有通行密钥时用，每个只能用一次
identity-code-first = 应用显示的验证码
identity-code-button = 验证并登录
identity-code-lost = 手机、通行密钥和备用码都不在，请找系统管理员。
identity-code-other = 退出，换别的账号
identity-enrolment-title = 设置第二步验证
identity-enrolment-lead = { $name }，密码正确。登录还要第二步验证，请选一种设置，以后每次都用。
identity-enrolment-refused = 还没有设置成功
identity-passkey-title = 通行密钥
identity-passkey-means = 用指纹、面容、锁屏密码或安全密钥登录，不用抄验证码，假网站也骗不走。
identity-passkey-press = 使用通行密钥
identity-passkey-busy = 等待设备…
identity-passkey-failed = 没有成功，可能是取消了或者超时。可以再试，或者用验证码。
identity-passkey-name = 名称
identity-passkey-name-hint = 怎么认出它，例如“办公室电脑”；可以不填
identity-passkey-since = { $since }设置，上次使用：{ $used }
identity-passkey-unused = 还没有用过
identity-passkey-script = 加通行密钥要启用脚本；不启用可以用验证器应用。
identity-totp-title = 验证器应用
identity-totp-app = 在手机上打开验证器应用，选择添加。
identity-totp-scan = 扫这张图。
identity-totp-picture = 给验证器应用扫的图
identity-totp-type = 扫不了，就手工输入：
identity-totp-answer = 把应用显示的6位数字填在下面。
identity-totp-button = 确认验证器
identity-totp-since = { $since }设置。
identity-totp-none = 手机应用每半分钟给出一个验证码，没有网络也能用。
identity-totp-begin = 设置验证器
identity-totp-again = 换一个验证器
identity-totp-remove = 取下验证器
identity-factor-remove = 取下
identity-factors-title = 第二步验证
identity-factors-demanded = 每次登录都要第二步验证。设置两种，丢了一种也能登录。
identity-factors-optional = 设置以后，每次登录都要第二步验证，只知道密码的人进不来。
identity-codes-title = 备用码
identity-codes-lead = 这些备用码只显示这一次。请打印或抄下来，放在安全的地方。
identity-codes-of = 账号：{ $login }
identity-codes-once = 手机或通行密钥不在时，用备用码代替验证码，每个只能用一次。
identity-codes-kept = 已经保存，继续
identity-codes-left = 还剩{ $left }个，共{ $all }个。
identity-codes-renew = 换一批备用码
identity-print = 打印

## Devices
identity-devices-title = 登录的设备
identity-devices-lead = { $minutes }分钟不用或者登录满{ $hours }小时，会自动退出。
identity-device-unknown = 不认识的设备
identity-device-cookie = 浏览器
identity-device-bearer = 程序
identity-device-joint = ，
identity-device-current = （这台设备）
identity-device-times = { $since }登录，{ $used }最后使用
identity-device-revoke = 退出
identity-device-revoke-others = 退出其他设备
identity-device-strange = 有不认识的设备，退出后请马上改密码。
identity-ending-soon = 2分钟后会自动退出，没有保存的内容会丢失。
identity-ending-last = 登录时间快满了，不能再延长。请在2分钟内保存。
identity-ending-over = 已经自动退出。请先复制没有保存的内容，再重新登录。
identity-ending-go-on = 继续

## Proof of presence
identity-confirmation-title = 确认是本人
identity-confirmation-lead = 接下来这件事要先确认，10分钟内不再问。填写的内容都还在，确认后接着办。
identity-confirmation-refused = 还没有确认成功
identity-confirmation-code = 或者验证码
identity-confirmation-button = 确认并继续

## Invitations
identity-invitation-title = 定一个密码
identity-invitation-lead = 这是新开的工作账号。密码由本人来定，别人不会知道。
identity-invitation-button = 保存密码并登录
identity-invited-title = 邀请链接
identity-invited-lead = 把链接交给{ $login }本人。它只显示这一次。
identity-invited-copy = 复制链接
identity-invited-copied = 已复制
identity-invited-how = 请当面交，或者用别人看不到的方式。链接只能用一次，{ $expires }前有效。
identity-invited-back = 回到账号
