## What an identity provider's answer is refused for: to citizens and to staff
error-provider-mismatch = This answer does not belong to what was begun in this browser. Nothing was done. Begin again, in one window, within 15 minutes
error-provider-used = This proof was used already. Nothing was done a second time. Begin again if you are not done
error-provider-cancelled = The check was cancelled there, or refused. Nothing was done, and what you entered is still here
error-provider-refused = The answer of the identity check does not hold, so nothing was done. Begin again. If it happens again, tell the operator of this site
error-provider-weak = You were recognised, but not by the means that are needed here. Begin again and choose the stronger way of proving who you are
error-provider-away = The identity check gives no answer at the moment. Nothing was done, and what you entered is still here. Try again in a few minutes
