## Heads of error pages
error-title-not-found = 没有这个页面
error-title-later = 现在办不了，请稍后再试
error-title-fault = 我们这边出了问题
error-title-refused = 没有办成
error-reference = 编号：{ $number }
error-back = 返回
error-home = 回到首页

## Every refusal by its code
error-not-found = { $what ->
    [receipt] 没有这个回执。请逐组核对全部8组字符
   *[other] 没有找到。可能地址有误，或者这里不对您开放
}
error-unauthenticated = 请先登录
error-invalid = 有{ $count }处需要改，您填的都还在
error-too-large = 文件或内容太大，上限{ $limit }
error-too-slow = 传得太慢，已中断，没有执行。请换个好一点的网络再试
error-too-many = 操作太频繁，请{ $seconds }秒后再试
error-busy = 现在人很多，请{ $seconds }秒后再试
error-unavailable = 服务暂时不可用。已确认的内容没有丢，请{ $seconds }秒后再试
error-internal = 我们这边出了问题，请稍后再试
error-cross-site = 这个请求来自别的网站，没有执行。请从本站页面重新提交
error-method = 这个地址不支持这种操作
error-media-type = 不支持这种格式的内容
error-malformed = 请求的格式不对
error-named-twice = “{ $name }”写了不止一次，只能写一次
error-unknown-member = 没有这一项，名称可能写错了
error-missing = 缺少这一项
error-not-text = 这里要填带引号的文字，不能填数字或真假值

error-form-empty = 这里不能空着
error-form-too-long = 写了{ $count }个字，最多{ $most }个
error-form-one-line = 只写一行，不能换行
error-form-control-characters = 含有不能显示的字符
error-form-too-many-files = 一次最多传{ $most }个文件
error-form-number = 请写一个整数
error-form-date = 请按2018-07-07的样子写日期
error-form-time = 请按9:30的样子写时刻
error-form-year = 年份要在2000到2100之间
error-form-choice = 请从给出的选项里选
