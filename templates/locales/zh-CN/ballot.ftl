## Every step
ballot-step = 第{ $n }步，共{ $of }步
ballot-back-campaign = 返回活动
ballot-back-place = 返回办事地点
ballot-errors = 有{ $n }处需要改，您填的都还在
ballot-colon = ：
ballot-busy = 现在投票的人很多。您的选择已保留，请1分钟后再提交
ballot-too-often = 从您的网络来的请求太多。您的选择已保留，请{ $n }分钟后再提交

## Step 1: place
ballot-place-title = 您主要在哪里办事？
ballot-place-hint = 选办事的地方，不一定是户籍地。
ballot-place-device = 浏览器启用脚本时，这台设备会记住选过的地方，下次不用再找。
ballot-place-last = 上次选择：
ballot-place-go-on = 继续
ballot-place-one = 请选一个办事的地方
ballot-place-chosen = 已选：{"{"}q{"}"}
ballot-place-in-brackets = （{"{"}q{"}"}）
ballot-voted-here = 这台设备今天已经投过一张。和家里人合用的，换一个人可以再投。
ballot-place-forget = 忘记这个地方
ballot-place-search = 搜索：江苏、js、南京
ballot-place-none = 没有找到“{"{"}q{"}"}”。可以在下面按地区选择。
ballot-place-hidden = 另有{"{"}n{"}"}个没有显示
ballot-place-outside = 这里的选票计入总数，并单独列出，但不交办到这些地方。常住国外的，选您在国内办事的地方。
ballot-place-go = 去选题目
ballot-place-keep = 保存办事地点
ballot-region-north = 华北
ballot-region-northeast = 东北
ballot-region-east = 华东
ballot-region-central-south = 中南
ballot-region-southwest = 西南
ballot-region-northwest = 西北
ballot-region-outside = 其他

## Step 2: options
ballot-options-title = 哪些事让您最头疼？最多选{ $most }项
ballot-options-hint = 选您自己碰到过的事。{ $ranking }
ballot-options-themes = 主题
ballot-options-search = 搜索：复印件、社保卡
ballot-options-none = 没有找到“{"{"}q{"}"}”。换个词试试，选中的都还在。
ballot-options-hidden = 另有{"{"}n{"}"}项没有显示
ballot-options-skip = 跳到“检查我的选择”
ballot-options-go = 检查我的选择
ballot-chosen = 最多选{ $most }项，刚才选了{ $n }项
ballot-chosen-over = 最多选{ $most }项，刚才选了{ $n }项，要去掉{ $over }项
ballot-chosen-none = 最多选{ $most }项
ballot-count = 已选{"{"}n{"}"}项，最多{"{"}max{"}"}项
ballot-count-over = 已选{"{"}n{"}"}项，请去掉{"{"}over{"}"}项
ballot-count-none = 还没有选，最多{"{"}max{"}"}项

## Step 3: check and track
ballot-check-title = 请核对
ballot-check-place = 办事地点
ballot-check-chosen = 您选了{ $n }项
ballot-check-change-place = 修改办事地点
ballot-check-change-options = 修改所选题目
ballot-check-privacy = 谁能知道什么，看隐私说明
ballot-check-noscript = 没有启用脚本的浏览器也可以匿名投票，但要多等10秒以上。
ballot-check-no-work = 这里做不了防刷票计算（可能因为网址不是https）。仍可以匿名投票，但要多等10秒以上。
ballot-track-title = 用哪种方式投票？
ballot-track-apart = 匿名和实名分开计票，分开公布。
ballot-ranking = 名次怎么排：{ $ranking }。
ballot-track-anonymous = 匿名投票
ballot-track-anonymous-hint = 不用任何个人信息
ballot-track-real-name = 实名投票
ballot-track-real-name-hint = 只核验一次身份，号码不保存，选票上没有您的身份
ballot-track-only-anonymous = 这次活动用匿名投票，不用任何个人信息。
ballot-track-only-real-name = 这次活动用实名投票。只核验一次身份，号码不保存。
ballot-track-no-source = 这次活动也收实名选票，但本站还没有接入实名核验，现在只能匿名投票。
ballot-track-none = 这次活动只收实名选票，但本站还没有接入实名核验，现在投不了票。
ballot-cast = 提交投票
ballot-prove = 去核验身份
ballot-offline = 没有网络，选择还在。连上网络以后再按一次。
ballot-cast-final = 提交后不能修改。

## Step 3, real name
ballot-person-title = 核验身份
ballot-person-kept = 姓名和号码只在核验时用一次，不保存，也不写进日志。
ballot-person-demo = 这是演示：只看号码的写法对不对，不向任何机构核验。请不要填真实号码。可以用国家标准里的例子：11010519491231002X。
ballot-person-name = 姓名
ballot-person-number = 身份证号
ballot-person-number-hint = 18位，最后一位可以是X。
ballot-person-once = 一个号码在一次活动里只有一张选票。
ballot-person-cast = 核验并提交投票
ballot-person-back = 返回核对

## Leaving for the identity source
ballot-leave-title = 核验身份
ballot-leave-what = 由{ $name }核验身份，核验完自动回到这里，大约一两分钟。
ballot-leave-kept = 核验结果只看一次，姓名和号码不保存。
ballot-leave-blind = 对方不知道选了什么，也不知道有没有投票。
ballot-leave-ticks = 已经勾选的内容保留15分钟。回来后再按“提交投票”，在那之前什么也没有提交。
ballot-leave-go = 前往{ $name }
ballot-proven = 身份已核验，选票还没有提交。请再看一遍，然后提交投票。

## Without script
ballot-wait-title = 还差一步
ballot-wait-do = 请等{ $seconds }秒，再按“继续提交投票”。
ballot-wait-do-minutes = 请等{ $minutes }分钟，再按“继续提交投票”。今天从您的网络投票的人很多，所以等得久一些。
ballot-wait-why = 没有启用脚本的浏览器做不了防刷票计算，要等10秒以上。您的选择已保留。
ballot-wait-again = 刚才的等候已经过期，这张票还没有提交。请再等一次
ballot-wait-button = 继续提交投票

## No ballot is taken
ballot-stopped-not-open = 投票还没有开始
ballot-stopped-closed = 投票已截止
ballot-stopped-suspended = 投票已暂停
ballot-stopped-cancelled = 活动已取消
ballot-stopped-no-paper = 现在不能投票
ballot-stopped-pass-used = 已经投过票
ballot-stopped-reason = 原因：{ $reason }
ballot-stopped-used-act = 留了回执的，可以用它核对原来的票在不在。
ballot-stopped-person-used = 这个证件号已经投过票，原来的选择已计入，不能更改
ballot-stopped-anonymous = 这次选的题目还可以匿名投一张。匿名票分开计，不等于人数。
ballot-stopped-anonymous-go = 改用匿名投票
ballot-stopped-ticks = 您刚才选的
ballot-stopped-copy = 复制所选题目
ballot-stopped-campaign = 查看这次活动

## Receipt
ballot-receipt-title = 投票已收到
ballot-receipt-counted = 这张票已计入“{ $campaign }”的票箱。查询时间：{ $moment }
ballot-receipt-next = 接下来
ballot-receipt-now = 已计入票箱
ballot-receipt-midnight = { $day }{ $time }
ballot-receipt-closing = 投票截止，随后计票并公布结果
ballot-receipt-closed = 投票已截止，所有选票逐张重数以后才公布
ballot-receipt-counted-all = 计票已完成
ballot-receipt-results = 查看结果
ballot-receipt-selected = 按规则选出{ $n }项，交办到各省整改
ballot-receipt-dispatched = 按规则选出的{ $n }项已交办到各省整改
ballot-receipt-progress = 查看整改进展
ballot-receipt-place = 看{"{"}q{"}"}的整改进展
ballot-receipt-follow = 查看“{ $campaign }”
ballot-receipt-number = 回执
ballot-receipt-calm = 不留这个号码也已计票；它只用来核对。
ballot-receipt-copy = 复制回执
ballot-receipt-print = 打印或存为PDF
ballot-receipt-log = 自己核对（不靠本站）
ballot-receipt-late-title = 公开日志里没有这张票
ballot-receipt-late = 已经过了{ $moment }，公开日志里还没有这张票。这是本站的差错。请把下面的回执和签名承诺交给监督方。
ballot-receipt-not-sealed = 没有封进公开日志。
ballot-receipt-waits = 正在等这一批封存。选票成批封进公开日志，谁也看不出谁什么时候投的；最迟在投票截止后一天内封好。
ballot-receipt-void = 按规则{ $rule }作废：这张选票仍在日志里，但不计入得票。
ballot-receipt-void-why = 看规则和理由
ballot-receipt-sealed = 已封进公开日志：第{ $entry }条，共{ $size }条
ballot-receipt-proof = 下载证明文件
ballot-receipt-promise = 下载凭证（签名承诺）
ballot-receipt-code = 签名承诺的二维码，与上面的文件内容相同
ballot-receipt-code-text = 拍下这个二维码，就留下了回执：里面是签名承诺的全文。用能扫二维码的相机就能读出文字，粘贴到核对回执的页面即可查询。
ballot-receipt-whole-log = 公开日志
ballot-receipt-check = 回执不显示您选了什么。但每张选票的内容最迟在计票后公开：谁在公开前见过这个号码，就能查到这张票选了什么，所以公开前请不要给别人看。公开以后任何人都能取到任何一张票的证明，有证明说明不了是谁投的。

## Look-up
ballot-receipts-title = 核对回执
ballot-receipts-what = 填回执号，或者粘贴从二维码扫出的文字，就知道那张票在不在票箱里。
ballot-receipts-number = 回执号
ballot-receipts-hint = 八组，每组四个字母或数字，大小写、空格都没有关系。回执的网址、签名承诺或证明的全文也可以。
ballot-receipts-go = 核对这张票
ballot-receipts-lost = 没有留回执也不要紧，您的票照样计入。

## Privacy
ballot-privacy-title = 隐私：本站知道什么，不知道什么
ballot-privacy-lead = 选票和身份分开存放。做不到的事，下面也写明。
ballot-privacy-table = 留下什么，留多久
ballot-privacy-what = 内容
ballot-privacy-where = 放在哪里
ballot-privacy-long = 留多久
ballot-kept-ballot = 选票：省份、所选题目、匿名或实名、编号、回执号
ballot-kept-where-ballot = 选票库。没有姓名、号码、电话、网络地址，也没有投票时间
ballot-kept-long-ballot = 一直保留，供重新计票
ballot-kept-person = 实名投票时填的姓名和身份证号
ballot-kept-where-person = 只在核验的那一刻用，不存进任何库，不写日志
ballot-kept-long-person = 核验后立即删除
ballot-kept-proof = 实名投票时，去核验身份期间已经勾选的内容，以及核验后的投票凭证
ballot-kept-where-proof = 加密后只存在自己的浏览器里。核验处知道有人要在本站实名投票，不知道是哪次活动、选了什么。核验结果只看一次，不存进任何库，不写日志
ballot-kept-long-proof = 15分钟，或者到提交投票为止
ballot-kept-register = 实名登记：由号码和密钥算出的一串字符，领票的日期
ballot-kept-where-register = 登记库，与选票库分开。里面没有所选题目，也没有选票编号
ballot-kept-long-register = 投票截止后保留{ $register }天，然后删除
ballot-kept-key = 由实名登记算出选票编号的密钥
ballot-kept-where-key = 单独的密钥文件，不在任何库里
ballot-kept-long-key = 投票截止、计票完成时销毁
ballot-kept-challenge = 防刷票计算和等候凭证
ballot-kept-where-challenge = 只在内存里，不知道是谁的
ballot-kept-long-challenge = 2小时后作废
ballot-kept-steps = 投票各步的页面，含已经勾选的题目，供按“返回”时再看
ballot-kept-where-steps = 只在您自己的浏览器里。填过姓名和号码的页面不留
ballot-kept-long-steps = 15分钟
ballot-kept-voted = 今天从这台设备投过票的记号，没有所选题目
ballot-kept-where-voted = 只在您自己的设备上，不发给本站
ballot-kept-long-voted = 第二天起再打开本站时删除
ballot-kept-place = 上次选的办事地点
ballot-kept-where-place = 只在您自己的设备上
ballot-kept-long-place = 直到您按“忘记这个地方”，或清除浏览器数据
ballot-kept-address = 网络地址：为防刷票，记这个地址领了多少张选票
ballot-kept-where-address = 只存带密钥的摘要，在内存和主库里，和选票分开
ballot-kept-long-address = 保留到第二天结束
ballot-kept-look = 字号和颜色
ballot-kept-where-look = 您浏览器里的两个小文件（cookie），只有样式表会用到
ballot-kept-long-look = 1年
ballot-kept-staff = 工作人员的账号、登录、操作记录；登录被拒绝时填的账号和网络地址
ballot-kept-where-staff = 主库；工作人员自己的浏览器里有两个小文件（cookie），一个用来保持登录，一个用来认出这个浏览器
ballot-kept-long-staff = 登录到期作废，认浏览器的小文件1年后作废。操作记录一直保留，里面的个人信息{ $openings }天后抹去
ballot-privacy-cannot = 谁也看不出的
ballot-cannot-anonymous = 匿名选票是谁投的。选票里没有指向您的内容。编号的前一段由4,096张选票共用，后一段是随机的。
ballot-cannot-after = 密钥销毁以后，哪张实名选票是谁的。
ballot-cannot-receipt = 选票内容公开以前，凭回执看不出您选了什么。公开以后任何人都能取到任何一张票的证明，有证明说明不了是谁投的。
ballot-privacy-ask = 谁可以问什么
ballot-ask-nothing = 您本人：本站没有您的账号，也没有按您的名字存的资料，所以没有可查、可改、可删的内容。选票不能收回，因为谁也不知道哪一张是您的。
ballot-ask-register = 关于实名选票：某个号码有没有领过票，本站不回答任何人，包括本人。
ballot-ask-staff = 工作人员：系统管理员可以交出一个账号的全部资料，在本人离职后抹去身份。
ballot-ask-log = 所有人：截止以后，公开日志里有每一张选票，没有投票人信息。
ballot-privacy-can = 做不到的，和要您知道的
ballot-privacy-more = 还要知道的
ballot-can-receipt = 选票内容最迟在计票后公开。谁在公开前见过您的回执号，就能在公开日志里查到这张票选了什么。公开前请不要把回执给别人看。
ballot-can-key = 密钥销毁以前，谁同时拿到密钥文件和选票库，又知道您的身份证号，就能找到您的实名选票。销毁前如果有人复制过密钥，本站查不出来。
ballot-can-took-part = 谁有本站密钥和登记库，又知道您的身份证号，就能查出您有没有领过实名选票。
ballot-can-day = 实名选票的编号里有领票的日期，只到哪一天。
ballot-can-order = 选票不记时间，但磁盘上看得出大致的先后。用PostgreSQL时，选票按到达的先后存放；编号的前一段也会随时间变大。
ballot-can-network = 网址里会出现您选的省份，不会出现所选题目。运营单位的网络设备可能依法另存访问日志，本站的程序管不到。
ballot-can-several = 匿名投票只要求浏览器做一次防刷票计算，挡不住一个人投几次。所以匿名和实名分开计票，匿名票不等于人数；每次活动按哪种票排名次，投票前就写在活动规则里。
ballot-can-device = 有人在旁边看着，或者设备被动过手脚，本站帮不上忙。
ballot-can-outside = 本站内部有没有人给自己开匿名投票凭证：凭证的真假只有本站能验。投了什么票，谁都可以从公开日志重新数，不必问本站。

## Refusals
error-ballot-not-open = 投票从{ $day }{ $time ->
    [none] {""}
   *[other] { $time }
}开始，现在还不能投
error-ballot-closed = 投票已于{ $day }{ $time }截止。这张选票没有计入
error-ballot-closed-already = 投票已于{ $day }{ $time }截止
error-ballot-suspended = 投票暂停，现在不收选票。恢复以后可以再投
error-ballot-cancelled = 这次活动已经取消，不收选票
error-ballot-no-paper = 这次活动的选票纸还没有备好，请稍后再试
error-ballot-pass-used = 这个证件号（匿名投票时是这份凭证）已经投过票，原来的选择已计入，不能更改
error-ballot-pass-malformed = 投票凭证不是本站为这次活动发的。请重新提交投票
error-ballot-no-place = 请选择您办事的地方
error-ballot-unknown-place = 名单里没有这个地方。请从列出的地方里选一个
error-ballot-no-choice = 还没有选。请至少选1项
error-ballot-too-many = 已选{ $count }项，最多{ $most }项。请去掉{ $excess }项
error-ballot-unknown-option = 选票上没有“{ $option }”这个题目
error-ballot-twice = 同一项选了两次。请去掉一次
error-ballot-track = 这次活动不收这种选票
error-ballot-no-track = 请选择用哪种方式投票
error-ballot-receipt-malformed = 回执号是八组，每组四个字母或数字（0至9、A至F）。请对照回执再填一次
error-ballot-receipt-unknown = 没有这个回执。请逐组核对全部8组字符
error-pass-challenge = 防刷票计算已经过期，或者不是本站为这次活动出的。请再试
error-pass-work = 防刷票计算没有完成，请再试
error-pass-network = 您的网络中途变了，防刷票计算要再做一次。您的选择已保留，请再按一次
error-pass-day-cap = 从您的网络今天可以投的{ $cap }张匿名选票已经投完。实名投票照常进行；要匿名投票，请在北京时间0点以后再来。您的选择已保留
error-pass-day-cap-alone = 从您的网络今天可以投的{ $cap }张匿名选票已经投完。请在北京时间0点以后再来。您的选择已保留
error-pass-ticket-cap = 从您的网络今天可以用等候方式投的{ $cap }张选票已经投完。请启用浏览器脚本，并用https网址打开本站；也可以在北京时间0点以后再来。您的选择已保留
error-pass-ripe = 还要等{ $seconds }秒。到时请再按一次“继续提交投票”
error-pass-no-source = 本站还没有接入实名核验，现在只能匿名投票
error-pass-proof = 请先到核验处核验身份
error-pass-document = 核验处没有确认可以在这里投票的居民身份证或居住证。可以匿名投票
error-pass-kind = 这次活动的实名投票用的是另一个核验处，和现在接入的不同，所以没有发出选票。请告诉本站的运维人员
error-resident-name = 请写姓名，至少2个字
error-resident-old = 15位的老号码从2013年起已经停用。请填身份证上的18位号码
error-resident-number = 身份证号不对。请对照证件核对每一位
