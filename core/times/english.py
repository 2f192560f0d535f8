"""The English words of dates, by the name of the node that they make."""

from __future__ import annotations

NUMBERS = (
    "one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 "
    "thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 "
    "thirty=30 forty=40 fifty=50 sixty=60"
)

WORDS: dict[str, str] = {
    "a": "a an",
    "the": "the",
    "of": "of",
    "on": "on",
    "in": "in",
    "within": "within",
    "at": "at around",
    "over": "over during throughout",
    "by": "by due",
    "since": "since starting starting_from as_of ever_since",
    "until": "until till up_to up_until 'til",
    "through": "through thru",
    "before": "before",
    "after": "after following",
    "from": "from",
    "to": "to",
    "between": "between",
    "and": "and",
    "number": NUMBERS,
    "ordinal_word": (
        "first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 "
        "eleventh=11 twelfth=12 thirteenth=13 fourteenth=14 fifteenth=15 sixteenth=16 "
        "seventeenth=17 eighteenth=18 nineteenth=19 twentieth=20 twenty-first=21 "
        "twenty-second=22 twenty-third=23 twenty-fourth=24 twenty-fifth=25 twenty-sixth=26 "
        "twenty-seventh=27 twenty-eighth=28 twenty-ninth=29 thirtieth=30 thirty-first=31"
    ),
    "weekday": "monday=0 tuesday=1 wednesday=2 thursday=3 friday=4 saturday=5 sunday=6",
    "wd": (
        "mon=0 tue=1 tues=1 wed=2 weds=2 thu=3 thur=3 thurs=3 fri=4 sat=5 sun=6 "
        "mon.=0 tue.=1 tues.=1 wed.=2 thu.=3 thurs.=3 fri.=4 sat.=5 sun.=6"
    ),
    "weekdays": (
        "mondays=0 tuesdays=1 wednesdays=2 thursdays=3 fridays=4 saturdays=5 sundays=6 weekdays=day"
    ),
    "month": (
        "january=1 february=2 april=4 june=6 july=7 august=8 september=9 october=10 november=11 "
        "december=12"
    ),
    "mon": (
        "may=5 march=3 jan=1 feb=2 mar=3 apr=4 jun=6 jul=7 aug=8 sep=9 sept=9 oct=10 nov=11 "
        "dec=12 jan.=1 feb.=2 mar.=3 apr.=4 jun.=6 jul.=7 aug.=8 sep.=9 sept.=9 oct.=10 nov.=11 "
        "dec.=12"
    ),
    "season": "spring summer autumn fall=autumn winter springtime=spring summertime=summer",
    "unit": (
        "day week weekend month quarter year decade fortnight hour minute hr=hour min=minute "
        "calendar_week=week school_year=year"
    ),
    "units": (
        "days=day weeks=week weekends=weekend months=month quarters=quarter years=year "
        "decades=decade fortnights=fortnight hours=hour minutes=minute hrs=hour mins=minute "
        "mos=month "
        "yrs=year business_days=day"
    ),
    "ago": "ago back",
    "hence": "from_now hence",
    "last": "last",
    "next": "next",
    "this": "this",
    "past": "past",
    "coming": "coming upcoming",
    "few": "few",
    "couple": "couple",
    "several": "several some",
    "every": "every each",
    "other": "other",
    "early": "early",
    "mid": "mid middle_of",
    "late": "late",
    "beginof": "beginning_of start_of first_days_of",
    "endof": "end_of close_of",
    "named_day": (
        "christmas=christmas xmas=christmas christmas_day=christmas christmas_eve=christmas_eve "
        "boxing_day=boxing_day new_year's_eve=new_year_eve "
        "new_years_eve=new_year_eve new_year's_day=new_year "
        "new_years_day=new_year new_year's=new_year "
        "valentine's_day=valentine valentines_day=valentine "
        "valentine's=valentine halloween thanksgiving thanksgiving_day=thanksgiving "
        "black_friday easter easter_sunday=easter easter_monday good_friday ash_wednesday "
        "st_patrick's_day=st_patrick st._patrick's_day=st_patrick "
        "independence_day fourth_of_july=independence_day 4th_of_july=independence_day"
    ),
    "ampm": "am pm a.m.=am p.m.=pm a.m=am p.m=pm",
    "oclock": "o'clock",
    "clock": "noon=12:00 midnight=00:00 midday=12:00",
    "dayword": (
        "today=0 yesterday=-1 tomorrow=1 tonight=0 the_day_before_yesterday=-2 "
        "day_before_yesterday=-2 the_day_after_tomorrow=2 day_after_tomorrow=2 "
        "overmorrow=2 tmrw=1 tmr=1 yday=-1 earlier_today=0 later_today=0 last_night=-1"
    ),
    "part": "morning afternoon evening night noon=noon lunchtime",
    "parts": "mornings=morning afternoons=afternoon evenings=evening nights=night",
    "vague": (
        "recently=-30 lately=-30 the_other_day=-7 a_while_ago=-365 some_time_ago=-365 "
        "a_while_back=-365 not_long_ago=-60 not_too_long_ago=-60 not_so_long_ago=-60 "
        "not_that_long_ago=-60 ages_ago=-3650 a_long_time_ago=-3650 long_ago=-3650"
    ),
    "ignored": (
        "ruby_tuesday black_sabbath super_bowl_sunday freaky_friday tgi_friday joe_friday "
        "sunday_times wednesday_addams casual_friday "
        "last_minute daft_punk's_march monday_morning_quarterback mon_dieu may_be"
    ),
    "decade": "nineties=1990 eighties=1980 seventies=1970 sixties=1960 fifties=1950",
    "onwards": "on onwards onward forward",
    "quarter": "q1=1 q2=2 q3=3 q4=4",
    "half_year": "h1=1 h2=2",
    "half": "half",
}
