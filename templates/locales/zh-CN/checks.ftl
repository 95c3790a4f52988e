## The page of an assignment
checks-votes = { $votes }票（其中实名{ $real }票），第{ $rank }名
checks-moves = 下一步
checks-moves-none = 眼下没有要办的。
checks-waits = 等“{ $act }”，可以办的有{ $n }人：{ $who }
checks-waits-nobody = 等“{ $act }”，还没有人可以办。请系统管理员分配账号
checks-person = { $name }（{ $office }）
checks-own-report = 上报人不能给自己签字。{ $province }还有{ $count }人可以签：{ $who }
checks-rework = 返工：{ $finding }
checks-asked = { $day }已申请免办（{ $class }），等主办方决定
checks-plan = 整改方案
checks-tests = 怎么算改好
checks-requests = 免办申请
checks-request-by = 申请人
checks-request-end = 结果
checks-request-open = 等主办方决定
checks-request-granted = { $at }同意
checks-request-refused = { $at }不同意：{ $reason }
checks-history = 历史
checks-history-note = 最新的在前。姓名只有工作人员看得到，对外只列单位。
checks-history-line = { $act }，状态为“{ $state }”
checks-history-who = { $name }，{ $office }，{ $role }
checks-history-who-for = { $name }，{ $office }，{ $role }，代{ $lender }办理
checks-public = 查看对外公开的页面

## Checks
checks-test = 做了什么核验
checks-test-hint = 按上面的办法写清时间、地点和经过。
checks-test-optional = 可以不写。
checks-findings = 看到了什么
checks-leader = 督导组长
checks-told-verification = 将从已解决变为已核验，计入核验解决。整改期限{ $day }不变。
checks-told-rejection = 将从已解决变为返工，不再计入上报解决。整改期限{ $day }不变，省里要重新上报。
checks-told-relapse = 将从已核验变为返工，不再计入上报解决和核验解决。整改期限{ $day }不变，省里要重新上报。
checks-outcome-verified = 核验通过
checks-outcome-rejected = 核验不通过
checks-outcome-relapsed = 复发
