## 两句话：谁最多，同票怎么分
tally-finding-none = 没有收到选票
tally-finding-one = “{ $first }”得票最多：{ $often }
tally-finding-one-running = “{ $first }”目前得票最多：{ $often }
tally-finding-two = “{ $first }”与“{ $second }”得票并列最多：{ $often }
tally-finding-two-running = “{ $first }”与“{ $second }”目前得票并列最多：{ $often }
tally-finding-many = { $count }项得票并列最多：{ $often }
tally-finding-many-running = { $count }项目前得票并列最多：{ $often }
tally-often-all = 每张选票都有
tally-often-nearly-all = 几乎每张选票都有
tally-often-exactly = 每{ $whole }张选票有{ $part }张
tally-often-about = 每{ $whole }张选票约有{ $part }张
tally-tie-two = { $codes }同为{ $votes }票，按实名票{ $first }比{ $second }，{ $outcome }
tally-tie-many = { $codes }同为{ $votes }票，按实名票（{ $numbers }），{ $outcome }
tally-tie-mixed = { $codes }同为{ $votes }票，按实名票（{ $numbers }），再按选票编号，{ $outcome }
tally-tie-number = { $codes }同为{ $votes }票，实名票都是{ $first }，按选票编号，{ $outcome }
tally-tie-number-only = { $codes }同为{ $votes }票，按选票编号，{ $outcome }
tally-tie-selected = { $count ->
   *[other] { $codes }入选
}
tally-tie-order = 排为{ $codes }
tally-stop = 。
tally-list-comma = 、
tally-list-and = { $start }与{ $end }
tally-list-order = { $start }、{ $end }

## 结果页：还没有得票可看的时候
tally-crumbs = 所在位置
tally-campaigns = 活动
tally-results = 结果
tally-wait-scheduled = 投票还没有开始
tally-wait-voting = 投票正在进行
tally-wait-closed = 投票已截止，正在计票
tally-wait-suspended = 投票已暂停
tally-wait-cancelled = 活动已取消
tally-wait-draft = 活动还没有发布
tally-opens = { $day }开始投票
tally-closes = { $day }24:00截止
tally-rule-turnout = 投票期间只公布参与人次，不公布各项得票，工作人员也看不到
tally-rule-closed = 投票期间什么都不公布，工作人员也看不到。计票后公布全部结果
tally-rule-live = 这次活动在投票期间就公布各项得票
tally-rule-count = 截止以后，先把累计数和逐张重数对上，再公布各项得票
tally-reason = 原因：
tally-vote = 开始投票
tally-to-campaign = 看活动说明

## 结果页：头
tally-running-word = 投票进行中：
tally-running-text = 数字还在变，名次不是最终结果
tally-unchecked-word = 还没有核对：
tally-unchecked-text = 投票已截止，累计数还要和逐张重数对上，名次不是最终结果
tally-preliminary-word = 初步结果：
tally-preliminary-text = 得票已和逐张重数对上。入选名单要两名批准人签字才生效
tally-imported-word = 导入的投票：
tally-imported-text = 选票来自别处公开的文件，在这里逐张计票，不选事项，也不交办
tally-as-of-now = 截至{ $moment }
tally-as-of-counted = 截至{ $close }24:00，{ $counted }计票
tally-as-of-certified = 截至{ $close }24:00，{ $counted }计票，{ $certified }认证
tally-ballots = 选票
tally-ballots-now = 已收到的选票
tally-sum = ＝匿名{ $anonymous }＋实名{ $real }
tally-votes = 各项得票合计
tally-votes-why = 一张选票最多选{ $max }项
tally-selected-count = 入选
tally-selected-of = { $all }项中前{ $n }项
tally-anonymous-only = 只收匿名选票

## 结果页：各项得票
tally-cut-gap = 第{ $last }名比第{ $next }名多{ $gap }票，入选线在这里
tally-cut-gap-running = 目前第{ $last }名比第{ $next }名多{ $gap }票
tally-cut-tie = 第{ $last }名和第{ $next }名同票，按公布的规则分先后
tally-cut-none = 第1名比第2名多{ $gap }票
tally-cut-one = 各项得票
tally-reading = 每张选票最多选{ $max }项，所以“占选票”这一列加起来不是100%。
tally-reading-cut = 虚线以上{ $n }项入选。
tally-reading-cut-running = 虚线以上是目前的前{ $n }项。
tally-caption = { $name }：各项得票
tally-anonymous = 匿名
tally-real-name = 实名
tally-votes-short = 票
tally-share = 占选票
tally-rank = 名次
tally-rank-option = 名次和事项
tally-option = 事项
tally-votes-all = 得票
tally-votes-anonymous = 匿名票
tally-votes-real-name = 实名票
tally-selected-head = 入选
tally-note-real-name = { $code }，实名{ $votes }票
tally-note-not-selected = { $note }，未入选
tally-note-tie = { $note }，同票未入选
tally-note-tie-selected = { $note }，同票入选
tally-yes = 入选
tally-no = 未入选，名次在第{ $n }名之后
tally-yes-running = 目前在前{ $n }项
tally-no-running = 目前不在前{ $n }项
tally-source = 来源：计票时的全部选票。
tally-source-running = 来源：到此刻为止收到的全部选票。
tally-table = 完整数据表
tally-tie-word = 同票：

## 结果页：按省份看
tally-provinces = 按省份看
tally-provinces-later = 各省的数字在计票后公布：投票期间先后看两次，就能推出一张选票选了什么
tally-place = 省份
tally-place-all = 全国
tally-place-show = 看这个省份
tally-place-finding = { $place }：“{ $first }”得票最多，{ $often }
tally-place-few = { $place }不足20张选票，不和别处比较
tally-place-ballots = { $place }的选票：{ $n }张，占全国{ $all }张的{ $share }%
tally-place-caption = { $place }与全国：各项占选票的比例
tally-place-note = { $code }，{ $place }第{ $there }，全国第{ $all }
tally-place-note-few = { $code }，全国第{ $all }
tally-place-share = { $place }
tally-place-national = 全国
tally-place-diff = 差（点）
tally-place-rank = { $place }名次
tally-national-rank = 全国名次
tally-key-few = [c] 不足20张选票，不显示
tally-key-merged = [m] 不足10张，并入“合并计数”
tally-provinces-caption = 各省选票
tally-provinces-table = 各省选票表
tally-provinces-note = 占全国{ $share }，最多的是{ $first }
tally-provinces-note-few = 占全国{ $share }
tally-provinces-note-elsewhere = 不足10张，并入下面的“合并计数”
tally-first = “{ $title }”{ $share }%
tally-provinces-share = 占全国
tally-provinces-first = 当地得票最多
tally-merged = 合并计数
tally-total = 合计

## 结果页：怎么算、谁签的字
tally-aside-rule = 排名规则
tally-rule-text = 按全部得票排名；同票的看实名票；还相同的看选票编号。规则在投票前公布。
tally-rule-text-anonymous = 按全部得票排名；同票的看选票编号。
tally-rule-name = 规则编号：{ $rule }
tally-aside-signed = 谁签的字
tally-signed-none = 还没有签字
tally-signed-on = { $day }签字
tally-aside-digest = 计票摘要
tally-digest-text = 对公布的每一格（事项、省份、票种、数目）逐行计算，任何人可以用数据重算。
tally-aside-data = 数据
tally-data-tally = 各格得票（JSON）
tally-data-ranking = 名次（JSON）
tally-data-log = 公开的选票日志，可以自己重新数
tally-aside-witnesses = 见证方
tally-witness-cosigned = { $moment }已对日志联署
tally-witness-waits = 还没有对日志的最新状态联署
tally-witnesses-text = 见证方由本站以外的机构运行。上次查看以来，日志里没有删改过任何内容，见证方才联署。
tally-csv = 下载结果表（CSV）

## 结果文件
tally-file-address = 地址
tally-file-as-of = 时间
tally-file-status = 状态
tally-file-final = 已认证
tally-file-counted = 初步结果
tally-file-running = 投票进行中，不是最终结果
tally-file-unchecked = 还没有核对，不是最终结果
tally-file-waiting = 还没有公布各项得票
tally-file-imported = 导入的投票
tally-file-code = 编号
tally-file-track = 票种

## 工作台：计票与入选
tally-desk-title = 计票与入选：{ $name }
tally-desk-count = 计票
tally-desk-count-early = 投票到{ $day }24:00截止，截止以后才能计票
tally-desk-count-ready = 投票已截止。计票时先封存选票纸，再把累计数和逐张重数对上；对不上就不记结果。
tally-desk-count-button = 开始计票
tally-desk-count-who = 计票由征集主办人做：
tally-desk-counted = 累计数与逐张重数一致
tally-desk-counted-on = { $moment }计票
tally-desk-compare = 累计数与逐张重数
tally-desk-figure = 项目
tally-desk-kept = 累计数
tally-desk-recounted = 逐张重数
tally-desk-differs = 累计数和逐张重数有{ $n }格对不上，没有记结果
tally-desk-differs-what = 先查明原因再计票。选票本身没有动。
tally-desk-differs-more = 另有{ $n }格没有列出
tally-desk-cell = 格子
tally-desk-cell-ballots = 选票
tally-desk-gap = 相差
tally-desk-again = 重新计票
tally-desk-select = 入选名单
tally-desk-select-early = 计票以后才能拟定
tally-desk-select-never = 这个活动只计票，不选事项
tally-desk-select-ready = 按公布的规则取前{ $n }项。下面是将要公布的样子。
tally-desk-select-button = 拟定入选名单
tally-desk-select-again = 重新拟定
tally-desk-select-who = 名单由征集主办人拟定：
tally-desk-ranking = 将要公布的名次
tally-desk-ranking-out = 公布的名次
tally-desk-signatures = 签字
tally-desk-proposed = 拟定
tally-desk-first = 第一名批准人
tally-desk-second = 第二名批准人
tally-desk-not-signed = 还没有签
tally-desk-sign = 签字批准
tally-desk-sign-means = 签字后不能撤回。两人签完，入选的{ $n }项成为堵点，可以派发。
tally-desk-sign-who = 还可以签的有：{ $names }
tally-desk-sign-nobody = 现在没有可以签的批准人。要有两名批准人，都不是起草活动或拟定名单的人
tally-desk-certified = 两名批准人已签字，结果已公布
tally-desk-public = 看公布的结果
tally-desk-back = 回到活动
tally-desk-done-count = 已计票：{ $ballots }张选票，累计数与逐张重数一致
tally-desk-done-select = 入选名单已拟定，等两名批准人签字
tally-desk-done-sign-first = 已签字，还差一名批准人
tally-desk-done-sign-second = 已签字，名单生效，结果已公布
tally-desk-person = { $name }（{ $office }）

## 拒绝
error-tally-differs = 累计数和逐张重数对不上，没有记结果
error-tally-hidden = { $shown ->
    [turnout] 投票期间只公布参与人次，不公布各项得票，工作人员也看不到
    [none] 还没有可以公布的得票
   *[closed] 投票期间什么都不公布，工作人员也看不到。计票后公布全部结果
}
error-tally-place = 没有这个省份，请从列表里选
error-selection-no-cut = 这个活动只计票，不选事项
error-selection-none = 还没有拟定入选名单
error-selection-signed = 已经有人签字，名单不能再改
error-selection-author = 起草活动的人和拟定名单的人不能签字，要由别的批准人签
error-selection-twice = 同一个人不能签两次，要由另一名批准人签
error-selection-changed = 刚才有人签了字。请看过最新情况再签
