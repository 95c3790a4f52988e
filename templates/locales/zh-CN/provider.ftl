## What an identity provider's answer is refused for: to citizens and to staff
error-provider-mismatch = 这个答复不是本浏览器刚才发起的核验，什么也没有办。请在同一个窗口里15分钟内重新开始
error-provider-used = 这次核验已经用过，没有重复办理。没办完的话请重新开始
error-provider-cancelled = 核验被取消或没有通过，什么也没有办，填写的内容都还在
error-provider-refused = 核验的答复有问题，所以什么也没有办。请重新开始，再出现时请告诉本站的运维人员
error-provider-weak = 身份认出来了，但核验方式达不到这里的要求。请重新开始，选用更强的核验方式
error-provider-away = 身份核验暂时没有回应，什么也没有办，填写的内容都还在。请过几分钟再试
