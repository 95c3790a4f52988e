## Small words
dispatch-colon = ：
dispatch-and = 、
dispatch-semicolon = ；
dispatch-full-stop = 。
dispatch-none = 无
dispatch-issue = 堵点
dispatch-campaign = 活动
dispatch-province = 省份
dispatch-state = 状态
dispatch-deadline = 期限
dispatch-department = 承办部门
dispatch-lead = 牵头部门
dispatch-next = 下一步
dispatch-votes = 得票
dispatch-votes-both = { $votes }（实名{ $real }）
dispatch-basis = 依据
dispatch-class = 免办类别
dispatch-asked-on = 申请时间

## Acts, as buttons
dispatch-move-dispatch = 交办任务
dispatch-move-acknowledgement = 签收任务
dispatch-move-return = 退回任务
dispatch-move-ruling = 作出裁定
dispatch-move-plan = 报送整改方案
dispatch-move-report = 上报结果
dispatch-move-withdrawal = 撤回上报
dispatch-move-signature = 签字确认解决
dispatch-move-sending-back = 退回承办部门
dispatch-move-verification = 核验通过
dispatch-move-rejection = 核验不通过
dispatch-move-relapse = 认定反弹
dispatch-move-exemption = 同意免办
dispatch-move-exemption-request = 申请免办
dispatch-move-exemption-refusal = 不同意免办

## Acts, as histories tell them
dispatch-did-dispatch = 交办任务
dispatch-did-acknowledgement = 签收任务
dispatch-did-return = 退回任务
dispatch-did-ruling = 裁定退回
dispatch-did-plan = 报送整改方案
dispatch-did-report = 上报结果
dispatch-did-withdrawal = 撤回上报
dispatch-did-signature = 签字确认解决
dispatch-did-sending-back = 退回承办部门
dispatch-did-verification = 核验通过
dispatch-did-rejection = 核验不通过
dispatch-did-relapse = 认定反弹
dispatch-did-exemption = 同意免办

## What was just done
dispatch-done-dispatch = 已交办。
dispatch-done-acknowledgement = 已签收。下一步由承办部门报送整改方案。
dispatch-done-return = 已退回，等主办方裁定。期限照算。
dispatch-done-ruling = 裁定已作出。
dispatch-done-plan = 整改方案已报送，开始整改。
dispatch-done-report = 已上报，等省级统筹签字。
dispatch-done-withdrawal = 上报已撤回，可以改好再报。
dispatch-done-signature = 已签字，计入省级确认解决，等督导核验。
dispatch-done-sending-back = 已退回承办部门。
dispatch-done-verification = 已记为核验通过。
dispatch-done-rejection = 已改为返工，省里会看到核验意见。
dispatch-done-relapse = 已改为返工，省里会看到核验意见。
dispatch-done-exemption = 已同意免办，理由对外公开。
dispatch-done-exemption-request = 免办申请已送主办方，状态不变。
dispatch-done-exemption-refusal = 已告知省里不同意免办，状态不变。

## Deadlines
dispatch-due-acknowledge-past = 签收期限{ $day }已过
dispatch-due-acknowledge-late = 签收逾期{ $n }个工作日（期限{ $day }）
dispatch-due-acknowledge-today = 今天24:00前签收
dispatch-due-acknowledge-left = 签收还剩{ $n }个工作日，{ $day }24:00前
dispatch-due-fix-past = 期限{ $day }已过
dispatch-due-fix-late = 逾期{ $n }个工作日（期限{ $day }）
dispatch-due-fix-today = 今天24:00前到期
dispatch-due-fix-left = 还剩{ $n }个工作日，{ $day }24:00前

## The form of a move
dispatch-back = 返回这项任务
dispatch-typed = 刚才填写的内容
dispatch-hands = 这一步可以由这些人办：
dispatch-refused = 这一步没有办成，填写的内容都还在
dispatch-changes = 打开这一页之后的变动
dispatch-change = { $at }，{ $office }{ $act }，现在是“{ $state }”
dispatch-field-department = 承办部门
dispatch-field-department-hint = 按牵头部门和以往分工填好，可以改。
dispatch-field-return-basis = 法律或职责清单的依据
dispatch-field-to = 裁定结果
dispatch-field-ruling = 裁定意见
dispatch-field-class = 免办类别
dispatch-field-exemption-basis = 为什么不用办
dispatch-field-exemption = 免办理由
dispatch-field-exemption-refusal = 不同意的理由
dispatch-field-decision = 同意或不同意的理由
dispatch-ruled-province = 仍由该省办理，不能再退
dispatch-ruled-exempt = 免办，仍计入总数
dispatch-class-no-such-service = 当地没有这项业务
dispatch-class-law-forbids = 法律不允许这样改
dispatch-told-acknowledgement = 签收后由承办部门在期限内报送整改方案。期限从交办起算，不因签收改变。
dispatch-told-return = 只能退回一次，{ $day }24:00前可以退。退回期间期限照算，是否归省里办由主办方裁定。
dispatch-told-ruling = 裁定后不能再退。裁定意见写入历史，对外公开。
dispatch-told-exemption-request = 由主办方决定。决定之前状态不变，期限照算。
dispatch-told-exemption = 同意后改为免办，理由对外公开。这一项仍计入总数，另给一个去掉免办的比率。
dispatch-told-exemption-refusal = 不同意时状态不变，期限照算。省里可以带新的依据再申请。

## The work of the day
dispatch-work-today = 今天是{ $day }（{ $weekday }），工作日
dispatch-work-day-off = 今天是{ $day }（{ $weekday }），休息日
dispatch-work-counts = 待办数
dispatch-work-soon = 3个工作日内到期
dispatch-work-empty = 今天没有待办
dispatch-work-empty-late = 没有等您办的，但有{ $n }项任务逾期
dispatch-work-late = 逾期的任务由各省和督导组办，从上面的数字进去看清单。
dispatch-work-next = 下一个期限：{ $day }（{ $weekday }），{ $n }项
dispatch-work-nothing = 眼下没有未办完的任务。
dispatch-work-campaigns = 等待办理的活动
dispatch-work-confirmations = 等您确认的账号变更
dispatch-work-rows = 等待办理的任务
dispatch-work-standing = 各次活动
dispatch-work-phase = { $phase }，{ $day }{ $happens }
dispatch-work-ballots = 选票{ $n }张，其中实名{ $real }张
dispatch-work-by-province = 各省逾期
dispatch-work-by-province-sum = { $all }项任务里有{ $n }项逾期，在{ $provinces }个省份，多的在前。
dispatch-work-more = 还有{ $n }项，去看任务清单
dispatch-work-administers = 系统管理员管账号和工作日历，看不到业务内容。角色由安全管理员授予。
dispatch-work-grants = 安全管理员授予和收回角色，确认账号的变更，看不到业务内容。账号由系统管理员新建。
dispatch-todo-acknowledgement = 待签收
dispatch-todo-plan = 待报整改方案
dispatch-todo-report = 待上报
dispatch-todo-rework = 返工
dispatch-todo-signature = 待签字
dispatch-todo-verification = 待核验
dispatch-todo-ruling = 待裁定
dispatch-todo-exemption = 待定免办
dispatch-step-draft = 起草中，写好后送批准人
dispatch-step-draft-button = 继续起草
dispatch-step-review = 等批准公布
dispatch-step-review-button = 审阅活动
dispatch-step-halt = 投票暂停，等批准人确认
dispatch-step-halt-button = 去核对
dispatch-step-confirm-role = 等确认角色：{ $role }
dispatch-step-confirm-button = 去核对
dispatch-step-count = 投票已截止，等计票
dispatch-step-count-button = 去计票
dispatch-step-select = 票已计好，等拟定入选名单
dispatch-step-select-button = 拟定名单
dispatch-step-certify = 入选名单等签字
dispatch-step-certify-button = 核对名单
dispatch-step-dispatch = 名单已认证，等交办
dispatch-step-dispatch-button = 查看试算

dispatch-look-verification = 去核验

## The list
dispatch-list-all = 全部
dispatch-list-filter = 筛选任务
dispatch-list-total = { $n ->
   *[other] 共{ $shown }项
}
dispatch-list-without = ，去掉
dispatch-list-none = 没有符合这些条件的任务
dispatch-list-try = 去掉“{ $word }”试试
dispatch-list-caption = 没有办完的在前，按期限排列
dispatch-list-tick-all = 全选待签收的任务
dispatch-list-pages = 分页
dispatch-list-page = 第{ $page }页，共{ $pages }页，{ $n }项
dispatch-list-prev = 上一页
dispatch-list-next = 下一页

## Acknowledging many rows
dispatch-bulk-title = 批量签收
dispatch-bulk-start = 签收所选任务
dispatch-bulk-start-hint = 下一页先看承办部门，再签收
dispatch-bulk-ask = 签收{ $n }项任务
dispatch-bulk-ready = 可以签收{ $n }项，{ $missing }项还缺内容或不能签收
dispatch-bulk-none = 没有选中任何任务
dispatch-bulk-back = 返回任务清单
dispatch-bulk-everywhere = 全部由同一部门承办
dispatch-bulk-everywhere-hint = 写好后按“全部填成这个部门”，下面每一项都会改。
dispatch-bulk-same = 全部填成这个部门
dispatch-bulk-caption = 要签收的任务和承办部门
dispatch-bulk-note = 部门按以往分工和牵头部门填好，可以逐项改。
dispatch-bulk-apply = 签收{ $n }项
dispatch-bulk-no-department = 缺承办部门
dispatch-bulk-done = 已签收{ $n }项。
dispatch-bulk-result = 已签收{ $done }项；{ $failed }项没有成功：{ $reasons }
dispatch-bulk-failed-for = { $codes }{ $reason }

## Returns and exemptions
dispatch-rulings-sum = { $returned }项退回待裁定，{ $requests }项免办待定
dispatch-rulings-returns = 退回的任务
dispatch-rulings-exemptions = 免办申请
dispatch-rulings-no-returns = 没有待裁定的退回。
dispatch-rulings-no-exemptions = 没有待定的免办申请。
dispatch-ruling-since = { $since }提出
dispatch-ruling-limit = 2个工作日内，即{ $day }前决定
dispatch-ruling-late = 应在{ $day }前决定，仍可办理
dispatch-returns-history = { $place }以往的退回和裁定（{ $n }条）
dispatch-returns-first = 该省此前没有退回过。
dispatch-returns-line = { $at } { $code }{ $act }，改为“{ $state }”

## The dispatch
dispatch-wizard-title = 交办任务
dispatch-wizard-plan = 交办试算：{ $rows }项任务
dispatch-wizard-done = 已交办{ $rows }项任务
dispatch-wizard-sum = { $issues }个堵点 × { $units }个省份 = { $rows }项
dispatch-wizard-signed = { $at }由{ $who }交办。再次交办不会有任何变化。
dispatch-wizard-unloaded = 这些年份的放假安排还没有导入，按周一到周五计算：
dispatch-wizard-due = 整改期限
dispatch-wizard-due-text = { $day }24:00，第{ $n }个工作日
dispatch-wizard-each = 每个堵点交给{ $units }个省份，期限都是{ $day }24:00，第{ $n }个工作日。
dispatch-wizard-rolled = 期限顺延
dispatch-wizard-rolled-text = 原定{ $day }是休息日，顺延到下一个工作日
dispatch-wizard-acknowledge = 签收期限
dispatch-wizard-met = 遇到的节假日和调休
dispatch-day-holiday = { $day }休
dispatch-day-makeup = { $day }班
dispatch-wizard-left-out = 不参加的省份
dispatch-wizard-signers = 可以交办的人
dispatch-wizard-sign = 交办任务
dispatch-wizard-final = 交办后，每个省立即收到任务，期限开始计算，不能撤回。
dispatch-wizard-wrote = 起草人不能自己交办，由上面的批准人交办。
dispatch-wizard-waits = 由上面的批准人交办。
dispatch-wizard-issues = { $name }：{ $n }个堵点

## Refusals
error-assignment-wrong-state = 现在是“{ $state ->
    [dispatched] 已交办
    [returned] 已退回
    [acknowledged] 已签收
    [in_progress] 整改中
    [reported] 已上报
    [resolved] 已解决
    [verified] 已核验
    [rework] 返工
   *[exempt] 免办
}”，不能办这一步
error-assignment-not-yours = 这一步由{ $hand ->
    [coordinator] 省级统筹
    [coordinator_or_handler] 省级统筹或承办部门
    [reporter] 上报人本人
    [coordinator_not_reporter] 省级统筹
    [organiser] 主办方
   *[leader] 该省的督导组长
}办理
error-assignment-stale = 打开之后，{ $office }已在{ $at }{ $act ->
    [acknowledgement] 签收
    [return] 退回
    [ruling] 裁定
    [plan] 报送整改方案
    [report] 上报
    [withdrawal] 撤回上报
    [signature] 签字确认解决
    [sending-back] 退回承办部门
    [verification] 核验通过
    [rejection] 认定核验不通过
    [relapse] 认定反弹
    [exemption] 同意免办
   *[other] 改动
}，现在是“{ $state ->
    [dispatched] 已交办
    [returned] 已退回
    [acknowledged] 已签收
    [in_progress] 整改中
    [reported] 已上报
    [resolved] 已解决
    [verified] 已核验
    [rework] 返工
   *[exempt] 免办
}”。填写的内容还在下面
error-assignment-own-report = 上报人不能给自己签字。本省还有{ $count }人可以签
error-assignment-own-work = 这一项是自己代表省里经手过的，要由另一个人来定
error-assignment-own-province = 自己来自这个省，要由别的组长核验
error-assignment-returned-before = 只能退回一次，这一项已经退回过
error-assignment-return-late = 退回期限{ $day }已过，不能再退
error-assignment-many-rows = 一次最多签收{ $most }项
error-dispatch-author = 起草人不能自己交办，由另一位批准人交办
error-exemption-asked = 已经有一份免办申请在等决定
error-exemption-not-asked = 省里没有待决定的免办申请
## The final check before a dispatch
dispatch-final = { $rows }项任务（{ $issues }个堵点×{ $units }个省份）马上交给{ $units }个省份，期限从{ $from }起算：{ $acknowledge }24:00前签收，{ $due }24:00前整改完，共{ $n }个工作日。
dispatch-final-lasting = 交办不能撤回，期限不能改。以后只能由各省一项一项退回或申请免办。
dispatch-final-signed = { $who }于{ $at }签字
dispatch-final-back = 返回交办试算
error-dispatch-changed = 打开之后，任务数或期限变了。请看过下面的再办
