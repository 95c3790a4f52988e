## The plan
report-told-plan = 整改期限{ $day }不变。整改方案写入历史，对外公开。
report-root-cause = 为什么堵
report-remedy = 怎么改
report-description = 具体情况
report-description-hint = 本省堵在哪里，打算怎么改。可以不写。
report-milestones = 时间表
report-milestones-hint = 每一行写日期和到那天要办完的事，至少写一行。
report-milestone-day = 日期
report-milestone-text = 要办完的事
report-planner = 报送人

## The report
report-claim = 上报的内容
report-claim-ended = { $at }的上报，{ $ended }起不再有效
report-before = 以前怎样
report-before-hint = 来办事的人以前要做什么。
report-after = 现在怎样
report-after-hint = 改了什么，现在要做什么。
report-effective = 生效日期
report-effective-hint = 不能晚于今天（{ $day }）。
report-coverage = 覆盖范围
report-coverage-hint = 按县区、窗口或医院计数，全省一致。
report-covered = 已覆盖
report-coverable = 一共有
report-coverage-all = 已覆盖{ $done }/{ $all }
report-coverage-partial = 已覆盖{ $done }/{ $all }，记为部分解决，不计入省级确认解决
report-partial-ask = 已覆盖{ $done }/{ $all }，将记为部分解决，不计入省级确认解决，也不能签字。全部覆盖后再报，才能签字。
report-partial-send = 按部分解决上报
report-reporter = 上报人
report-reporter-text = { $who }，{ $at }
report-tests = 督导组会这样核验
report-finding-word = 要回应的意见：
report-evidence = 佐证材料
report-evidence-add = 添加佐证材料
report-evidence-hint = 文件、通知、截图、日志都可以。只收PDF、JPG、PNG，每个20MB以内。
report-evidence-redrawn = 图片已重新生成，去掉了拍摄地点等信息。
report-evidence-scarce = 本省佐证材料已用{ $used }（共{ $most }），{ $used_files }个文件（最多{ $files }个）。快满了，请联系系统管理员。
report-upload = 只上传文件
report-files = 已上传{ $n }个文件
report-drop = 删除
report-elsewhere = 同一文件还用于{ $n }项任务

## Withdrawal, signature, sending back
report-told-withdrawal = 撤回后回到整改中，可以改好再报。
report-told-signature = 签字后记为已解决，计入省级确认解决，由督导组核验。
report-told-sending-back = 退回后回到整改中，承办部门会看到理由。
report-told-partial = 没有全部覆盖的上报不能签字，记为部分解决。
report-reason-withdrawal = 撤回的理由
report-reason-sending-back = 退回的理由

## Refusals
error-report-effective-later = 生效日期不能晚于今天
error-report-coverable = 总数要在1到100,000之间
error-report-covered = 已覆盖的数不能小于0，也不能多于总数
error-report-no-evidence = 还没有佐证材料。至少传1个文件
error-report-much-evidence = 佐证材料最多20个文件
error-report-unknown-evidence = 没有找到这个文件：{ $hash }。请先上传
error-report-partial = 已覆盖{ $covered }/{ $coverable }，是部分解决，不能签字
error-evidence-empty = “{ $name }”是空文件，没有收下
error-evidence-kind = “{ $name }”没有收下：{ $what ->
    [heic] 内容是HEIC，是新款手机的照片格式。请在相机设置里选“兼容性最佳”，或者另存为JPG
    [avif] 内容是AVIF图片。请另存为JPG或PNG
    [webp] 内容是WebP图片。请另存为JPG或PNG
    [gif] 内容是GIF图片。请另存为PNG
    [bmp] 内容是BMP图片。请另存为PNG
    [tiff] 内容是TIFF图片。请另存为JPG或PNG
    [raw] 内容是相机的RAW原始照片。请另存为JPG
    [jpeg2000] 内容是JPEG 2000图片。请另存为JPG或PNG
    [jxl] 内容是JPEG XL图片。请另存为JPG或PNG
    [psd] 内容是Photoshop文件。请另存为JPG或PNG
    [svg] 内容是SVG图形。请另存为PNG，或者打印成PDF
    [video] 内容是视频。请截成图片，或者写进PDF
    [office] 内容是Office文档或压缩包。请导出为PDF
    [audio] 内容是录音。请把要说明的内容写进PDF
    [archive] 内容是压缩包。请解压后把里面的文件分别上传
    [rtf] 内容是RTF文档。请导出为PDF
    [postscript] 内容是PostScript文件。请导出为PDF
    [html] 内容是网页。请打印成PDF，或者截成图片
   *[other] 只收PDF、JPG、PNG，20MB以内
}
error-evidence-large = “{ $name }”没有收下：超过{ $megabytes }MB
error-evidence-full = 这项任务的文件加起来不能超过{ $megabytes }MB
error-evidence-broken = “{ $name }”没有收下：图片打不开。请换成JPG或PNG重新导出
error-evidence-grown = “{ $name }”没有收下：去掉隐藏信息重新保存后会超过{ $megabytes }MB。请缩小后再传
error-evidence-pixels = “{ $name }”没有收下：{ $width }×{ $height }像素太大，这种图片最多{ $millions }百万像素。请缩小后再传
error-evidence-pdf-broken = “{ $name }”没有收下：PDF不完整。请重新导出
error-evidence-pdf-active = “{ $name }”没有收下：PDF里有脚本、程序、会自动执行的动作，或者指向其他电脑文件的链接。请打印成PDF再传
error-evidence-pdf-files = “{ $name }”没有收下：PDF里带着附件。附件请另外上传，正文请打印成PDF再传
error-evidence-pdf-locked = “{ $name }”没有收下：PDF加了密，或者内容查看不了。请打印成PDF再传
error-evidence-infected = “{ $name }”没有收下：扫描发现病毒（{ $what }）。请不要再打开这个文件
error-evidence-unscanned = “{ $name }”没有收下：病毒扫描暂时用不了。过几分钟再传
error-evidence-province-bytes = 本省佐证材料已用{ $used }，最多{ $most }，{ $used_files }个文件（最多{ $files }个）。请删去不用的文件，或联系系统管理员
error-evidence-province-files = 本省佐证材料已有{ $used_files }个文件，最多{ $files }个，共{ $used }（最多{ $most }）。请删去不用的文件，或联系系统管理员
error-evidence-none = 没有收到文件
error-plan-root-cause = 请从列出的原因里选
error-plan-remedy = 请从列出的办法里选
error-plan-no-milestone = 时间表至少写一行
error-plan-many-milestones = 时间表最多20行
error-plan-half-milestone = 每一行的日期和要办完的事都要写
