"""Every number of an entry's life in one place, each with its reason.

Spans are DAYS of the calendar, everywhere. tests/tree/life/test_calendar.py lives through years
with these numbers: change one there and see what it does to a memory.
"""

from __future__ import annotations

from typing import Final

# -- importance: how much it would be missed, 0 to 1, before anybody has used it

KIND_IMPORTANCE: Final = {
    "promise": 0.7, "decision": 0.7,  # others count on them; they can't be worked out again
    "preference": 0.6, "person": 0.6, "project": 0.6,  # few of them, and asked about for years
    "fact": 0.5, "procedure": 0.5,
    "event": 0.4, "question": 0.4,  # most matter for weeks
    "summary": 0.3,  # can be made again from what it sums up
}  # fmt: skip
OTHER_KIND: Final = 0.5
"""Of a kind that a user made up: like a fact."""
ORIGIN_WEIGHT: Final = {
    "user": 1.0, "other": 0.8, "document": 0.8,
    "tool": 0.6, "assistant": 0.5, "context": 0.4,  # words that nobody stands behind
}  # fmt: skip
LEAST_CERTAIN: Final = 0.6
"""What importance is multiplied by where a curator was least sure. Never near 0: being unsure of a
claim says little about how much it matters."""

# -- strength: 1 when last touched, halved every half-life

HALF_LIFE: Final = 30.0
HALF_LIFE_BY_IMPORTANCE: Final = 60.0
"""A draft's half-life is 30 days and 60 more at full importance. One mention of middling
importance then has 60, and falls below `FADED` after 7 months; the least important after 3.5,
the most important after 10: seasons, not days and not years."""
FADED: Final = 0.09
"""Below it an unconfirmed entry may go to the archive: three and a half half-lives."""
BY_DOUBLED_USE: Final = 0.5
BY_DOUBLED_KEEPING: Final = 1.0
"""Each doubling of the days of use lengthens the half-life by half, of those on which its citation
was opened by as much again: spread out repetition makes memories last, and its gain shrinks."""
BY_CONFIRMATION: Final = 1.0
BORNE_OUT: Final = {"draft": 1.0, "validated": 4.0, "core": 16.0}
"""What maturity multiplies the half-life by: a validated entry that nobody touches fades after two
to three years, and core counts for much after a pause of a year."""
LONGEST_HALF_LIFE: Final = 3650.0
ENDED: Final = 0.5
"""What ceased to be true is half as strong as if it held: still there for "what was it before?"."""
LONGEST_AHEAD: Final = 3 * 366
"""An entry waits for its `valid_until`, at most so long; a year 9999 is no reason to keep it."""

# -- maturity: points for evidence, never for being found by a search

USER_WORD: Final = 2.0
"""The user wrote, edited or accepted it: enough for validated, not alone for core."""
CONFIRMATION: Final = 1.0
"""Each source beyond the first that is a different container on a different day."""
MOST_CONFIRMATIONS: Final = 4
"""More say the same again."""
KEPT_DAY: Final = 0.6
MOST_KEPT: Final = 1.5
"""A day on which an answer used it and the user opened it there. Two within six weeks validate.
The most is so little that whatever becomes core has `CORE_BELOW` from evidence that does not grow
old: time alone never unmakes core."""
KEPT_HALF_LIFE: Final = 180.0
"""Opening a citation is weak evidence, so it is the only kind that grows old."""
VALIDATED_FROM: Final = 1.0
DRAFT_BELOW: Final = 0.5
"""A half-life of kept citations below: nothing goes up and down more than once in half a year."""
CORE_FROM: Final = 3.0
CORE_BELOW: Final = 2.0
"""Three witnesses more than the first, or the user's word and one of them. It falls only when
evidence is taken back, as when a source is forgotten."""
CORE_AFTER: Final = 30.0
"""Days that an entry is validated before it becomes core: one busy week is not a life."""

# -- priors: a tie-break between passages that match as well, off until it is measured to help

PRIOR_MOST: Final = 0.02
PRIOR_LEAST: Final = 0.002
"""What every entry that stands has above one that was superseded."""

# -- housekeeping

SLACK: Final = 1.5
"""Days by which a clock may be behind what it wrote, for time zones; beyond that it jumped."""
LONG_PAUSE: Final = 45.0
QUIET: Final = 30.0
"""After more than 45 days without cairn, or a clock that jumped, nothing is offered for the archive
for 30 days: its user was away and could use nothing, or the date is wrong."""
MOST_FADING: Final = 100
"""Offered for the archive at a time, the weakest first, so that a mistake costs little."""
MOST_WITNESSES: Final = 24
"""Remembered of an entry: far more than count."""
MOST_DAYS: Final = 10_000
"""Of use that are counted."""

# -- the profile, a page and not a book

PROFILE_LINES: Final = 12
"""In each of its sections."""
PROFILE_LINE: Final = 240
"""Letters of a claim there."""

# -- what is owed

SOON: Final = 7
"""Days before its day from which a promise counts as due: what fits on the page of a week."""
OVERDUE_FOR: Final = 90
"""Days for which it is shown as overdue. What nobody did in a season was dropped, and a page that
goes on about it is not read."""
