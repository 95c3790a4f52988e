incidents-title = What went wrong at this site
incidents-what = Every mistake of this site, what it affects and what you can do.
incidents-none = Nothing so far.
incidents-stay = Nothing here is changed or removed once it is published; a correction is a new entry.
incidents-desk-title = Publish an incident
incidents-desk-what = Say three things: what went wrong, what it affects, what people can do. Both languages are needed.
incidents-desk-see = See the public page
incidents-title-zh = Title in Chinese
incidents-title-en = Title in English
incidents-text-zh = Text in Chinese
incidents-text-en = Text in English
incidents-text-hint = A line break begins a paragraph; at most 6,000 characters
incidents-publish = Publish
incidents-published = Published so far
incidents-done = Published. Everybody can read it.
incidents-errors = { $count ->
    [one] { $count } thing needs changing. Everything entered is still here
   *[other] { $count } things need changing. Everything entered is still here
}
