## Working-day calendar
programme-calendar-title = Working days
programme-calendar-lead = Deadlines count working days. The State Council publishes each year’s days off; load them here once they are out.
programme-calendar-warning = Note:
programme-calendar-falls-back = The days off of { $year } are not loaded. Deadlines in that year count Monday to Friday for now.
programme-calendar-years = Years
programme-calendar-year-gap = { " " }
programme-calendar-loaded = loaded
programme-calendar-missing = not loaded
programme-calendar-other = Another year
programme-calendar-open = Open year
programme-calendar-of = Arrangement of { $year }
programme-calendar-count = { $working } working days of { $all } days.
programme-calendar-plain = This year is loaded without days off or make-up days: Monday to Friday count.
programme-calendar-caption = Days off and make-up days of { $year }
programme-calendar-date = Date
programme-calendar-kind = Arrangement
programme-calendar-days = Days
programme-kind-holiday = Off
programme-kind-makeup = Worked
programme-calendar-span = { $from } to { $to }
programme-calendar-day = { $weekday } { $day }
programme-calendar-then = ;{ " " }
programme-weekday-1 = Mon
programme-weekday-2 = Tue
programme-weekday-3 = Wed
programme-weekday-4 = Thu
programme-weekday-5 = Fri
programme-weekday-6 = Sat
programme-weekday-7 = Sun
programme-calendar-load = Load the days of { $year }
programme-calendar-replaces = Figures of today on go by what is loaded now; past days keep the arrangement known then. Deadlines already set stay, and earlier arrangements are kept.
programme-calendar-since = Figures of { $day } on go by it.
programme-calendar-since-always = Figures of all days go by it.
programme-calendar-earlier = Earlier arrangements of { $year }
programme-calendar-earlier-note = Replaced arrangements are kept, the newest first. Figures of the days on which they were known still go by them.
programme-calendar-earlier-of = Figures of { $from } to { $to } go by it
programme-calendar-earlier-until = Figures up to { $to } go by it
programme-calendar-earlier-none = Loaded on { $from } and replaced on the same day: no day’s figures go by it
programme-calendar-holidays = Days off
programme-calendar-holidays-hint = One date a line, such as 2018-10-01, or the whole notice of the State Council. Weekends within a holiday may be included.
programme-calendar-makeup = Make-up days
programme-calendar-makeup-hint = Saturdays and Sundays on which offices work, one date a line.
programme-done-load = The days of { $year } are loaded.
programme-errors = { $count ->
    [one] { $count } thing needs changing. Everything entered is still here
   *[other] { $count } things need changing. Everything entered is still here
}

## Refusals
error-calendar-year = Only years from { $first } to { $last } can be loaded
error-calendar-no-date = Line { $line }, “{ $text }”, is not a date; write it like 2018-10-01
error-calendar-other-year = Line { $line }, “{ $text }”, is not in { $year }; load it under its own year
error-calendar-year-before = { $day } belongs to { $year }, which is not loaded. Load { $year } first
error-calendar-twice = Line { $line }, “{ $text }”, was written before
error-calendar-worked-anyway = Line { $line }, “{ $text }”, is worked anyway; it is no make-up day
