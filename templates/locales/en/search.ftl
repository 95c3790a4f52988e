## Search
search-title = Search
search-title-of = Search for “{ $q }”
search-lead = Finds issues, options of the ballots, and provinces.
search-label = What are you looking for?
search-hint = A matter, a department, a code or a province, such as “ID card”, “tax”, “S1-03” or “Jiangsu”. Separate words with blanks.
search-go = Search
search-site = Search this site
search-wrong = Nothing was searched
search-found = { $n ->
    [one] { $n } hit.
   *[other] { $n } hits.
}
search-none = Nothing was found for “{ $q }”. Try another word, or look through the lists below.
search-more = { $n } hits, of which the first { $shown } are listed. One more word makes them fewer.
search-rest = { $n } more
search-provinces = Provinces ({ $n })
search-assignments = One issue in one province ({ $n })
search-issues = Issues ({ $n })
search-options = Other options of the ballots ({ $n })
search-nearest = Near to it ({ $n })
search-assignment = { $place }: { $issue }
search-selected = selected, not yet dispatched
search-not-selected = not selected
search-undecided = not decided yet
search-outside = outside the dispatch
search-progress = { $done }/{ $all } signed as resolved
search-progress-late = { $done }/{ $all } signed as resolved, { $late } overdue
search-dot = { " · " }
search-ways = Other ways to look
error-search-long = The question has { $length } characters and may have { $most }; make it shorter
