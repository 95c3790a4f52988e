## Heads of error pages
error-title-not-found = There is no such page
error-title-later = Not possible just now
error-title-fault = Something failed on our side
error-title-refused = This was not done
error-reference = Reference: { $number }
error-back = Go back
error-home = Back to the front page

## Every refusal by its code
error-not-found = { $what ->
    [receipt] There is no such receipt. Check all eight groups of characters
   *[other] Not found. The address may be wrong, or this is not open to you
}
error-unauthenticated = Sign in first
error-invalid = { $count } things need changing. Everything you entered is still here
error-too-large = Too large: the limit is { $limit }
error-too-slow = It came too slowly and was cut off. Nothing was done; try again, where the connection is better
error-too-many = Too often. Try again in { $seconds } seconds
error-busy = Many people are here right now. Try again in { $seconds } seconds
error-unavailable = The service cannot be reached at the moment. Nothing that was confirmed to you is lost; try again in { $seconds } seconds
error-internal = Something failed on our side. Try again later
error-cross-site = This request came from another site and was not carried out. Send it again from our page
error-method = This address does not take that kind of request
error-media-type = Content of this kind is not taken
error-malformed = The request is not of the right form
error-named-twice = “{ $name }” is given more than once; give it once
error-unknown-member = There is no such member; its name may be misspelt
error-missing = This member is missing
error-not-text = Write a text here, in quotation marks: a number or true and false are not taken for one

error-form-empty = This cannot be left empty
error-form-too-long = { $count } characters; at most { $most }
error-form-one-line = One line only, without line breaks
error-form-control-characters = It holds characters that cannot be shown
error-form-too-many-files = At most { $most } files at a time
error-form-number = Write a whole number
error-form-date = Write a date like 2018-07-07
error-form-time = Write a time like 9:30
error-form-year = The year must lie between 2000 and 2100
error-form-choice = Choose one of the options
