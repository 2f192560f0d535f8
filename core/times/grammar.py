"""All rules, in order: single dates, what is counted from them, ranges.

Called by `phrases.find` with the row of nodes of a text. A rule's pattern is written in the names
of `nodes`; which words these are is the matter of each language's lexicon.
"""

from __future__ import annotations

from cairn.core.times import counted, points, spans
from cairn.core.times.context import Context
from cairn.core.times.nodes import Node
from cairn.core.times.rules import apply, rules

_POINTS = rules((
    ("pre? the? dayno dot? of? anymonth sep? anyyear", points.full_date),
    ("pre? anymonth the? dayno comma? of? anyyear", points.full_date),
    ("pre? the? dayno dot? of? anymonth", points.day_of_year),
    ("pre? anymonth the? dayno", points.day_of_year),
    ("the? anymonth sep? anyyear", points.month_of_year),
    ("anymonth", points.month),
    ("the? weekday|wd", points.weekday),
    ("the? nth anyday (prior|after|of|in)?|the? (last|last_after) anyday of",
     points.nth_of_nothing),
    ("the? (nth and the?)? (nth|last|last_after) (unit|anyday) (of|in)? the? "
     "(this|last|next|past|coming)? unit (last_after|next_after)?(?! next)", points.nth_of_unit),
    ("the? (nth|last|last_after) (unit|anyday) of the? anyyear", points.nth_of_year),
    ("pre? dotted dot year?", points.day_dot_month),
    ("on? anyday comma? the? ordinal(?! of? anymonth)", points.weekday_the_nth),
    ("(on|by|until|since|before|after) the ordinal(?! of? anymonth)", points.nth_of_month),
    ("dayword part?", counted.dayword),
    ("this part|the? last part|the? part last_after", counted.this_part),
    ("amount anyunit ago|ago_first amount anyunit", counted.ago),
    ("units ago", counted.units_ago),
    ("amount weekdays ago", counted.weekdays_ago),
    ("(a|number) anyunit and a half ago", counted.year_and_half_ago),
    ("the? (unit|season|weekday) before last|the? (unit|season|weekday) after next",
     counted.beyond),
    ("vague", counted.vague),
    ("in amount anyunit|within amount anyunit", counted.in_some_time),
    ("amount anyunit hence|hence_first amount anyunit", counted.hence),
    ("the? (last|past|next|coming) some anyunit", counted.rolling),
    ("the? some (last_after|next_after) anyunit", counted.rolling),
    ("the? some anyunit (last_after|next_after)", counted.rolling),
    ("(over|in|within) the (last|past|next|coming) anyunit|the past anyunit", counted.rolling),
    ("the (last|next) unit", counted.told),
    ("(last|next|this|this past|this coming) unit|the? unit (last_after|next_after)",
     counted.unit_towards),
    ("the (last|next) unit", counted.unit_towards),
    ("the? (last|next|this|past|coming|this past|this coming) (anyday|weekdays)",
     counted.weekday_towards),
    ("the? anyday (last_after|next_after|coming)|the? (last_after|next_after) anyday",
     counted.weekday_towards),
    ("the? (last|next|this|past|coming) (season|anymonth|named_day)", counted.yearly_towards),
    ("the? (season|month|named_day) (last_after|next_after)", counted.yearly_towards),
    ("the? season sep? anyyear|the? named_day sep? anyyear", points.with_year),
    ("named_day", points.named),
    ("the? season", points.season),
    ("year|the? unit year", points.year),
    ("the? decade", points.decade),
    ("(quarter|half_year) of? anyyear|quarter|anyyear (quarter|half_year)", points.quarter),
    ("the? (nth|last|last_after) (unit|anyday) (of|in) the? anymonth sep? anyyear?",
     points.nth_of),
    ("(on|by|until|before|after)? the? (ordinal|ordinal_word|last) (unit|anyday)? (of|in) every"
     " unit", counted.every),
    ("every other? (anyday|anyunit|season|anymonth|named_day|part|weekdays)", counted.every),
    ("every (some) units|every nth anyday", counted.every),
    ("(on|at|over)? the? weekdays parts?|anyday parts", counted.every),
    ("(on|at|over) the? units", counted.on_weekends),
    ("(on|at|over|until|by|before|after|since) the unit(?! (of|prior|after))",
     counted.the_weekend),
    ("the? nth half of? anyyear|the? nth unit of anyyear", points.quarter),
))  # fmt: skip

_SHIFTS = rules((
    ("amount anyunit (prior|after|from) the? date", spans.units_from),
    ("(the|last)? unit (prior|after) the? date", spans.unit_beside),
    ("bare (prior|after) the? date", spans.weekday_beside),
    ("the? unit of the? date", spans.unit_of),
    ("the? (early|mid|late|beginof|endof) dash? of? the? date", spans.part_of),
    ("the? (beginof|endof|mid|late|early) (the|this|of|of the) unit", spans.part_of_this),
    ("bare comma? the? date|date comma? bare", spans.weekday_and_date),
    ("date comma? at? time|date at number|time on? date", spans.with_clock),
    ("bare of? date|date on? bare", spans.weekday_of_week),
    ("date (of|in)? date", spans.of_that_year),
    ("date part|the? part of the? date", spans.with_part),
))  # fmt: skip

_SPANS = rules((
    ("the? dayno dot? upto the? dayno dot? of? anymonth sep? anyyear?", spans.days_of_month),
    ("out_of the? dayno dot? into the? dayno dot? of? anymonth sep? anyyear?",
     spans.days_of_month),
    ("between the? dayno dot? and the? dayno dot? of? anymonth sep? anyyear?",
     spans.days_of_month),
    ("out_of? the? numbers dot? of? anymonth sep? anyyear?", spans.days_of_month),
    ("from? anymonth the? dayno upto the? dayno sep? anyyear?",
     spans.days_of_month),
    ("from? anymonth numbers sep? anyyear?", spans.days_of_month),
))  # fmt: skip

_RANGES = rules((
    ("date upto the? date|out_of the? date into the? date", spans.from_to),
    ("between date and the? date", spans.from_to),
    ("(since|until|through|by|prior|after) the? date", spans.bounded),
    ("from? date onwards|from date on", spans.bounded),
    ("(on|in|at|over) the? date", spans.in_it),
    ("(at|by) time", spans.clock_alone),
))  # fmt: skip

_DEPTH = 3
"""`The end of the week before Christmas` is counted from what is itself counted."""


def parse(nodes: list[Node], context: Context) -> list[Node]:
    nodes = apply(nodes, _SPANS, context)
    nodes = apply(nodes, _POINTS, context)
    for _ in range(_DEPTH):
        before = len(nodes)
        nodes = apply(nodes, _SHIFTS, context)
        if len(nodes) == before:
            break
    return apply(nodes, _RANGES, context)
