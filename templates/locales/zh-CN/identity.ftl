## The left side of every desk
identity-nav-work = 我的工作
identity-nav-campaigns = 活动管理
identity-nav-assignments = 任务清单
identity-nav-rulings = 退回与免办
identity-nav-accounts = 账号管理
identity-nav-calendar = 工作日历
identity-sign-out = 退出登录

## Own password
identity-password-title = 修改密码
