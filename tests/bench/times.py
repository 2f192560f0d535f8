"""Do phrases about time mean the days that another system takes them to mean?

`python -m tests.bench.times --data DIR [--show] [--json PATH|-]` on temporal_queries, in which
another system's ranges are frozen: agreement is reported, not truth. A question counts once for
each time it was asked; `--show` prints one example of each question on which the two differ.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from cairn.core.times.phrases import find
from tests.bench.common import say, write_json

Range = tuple[date, date]
_LANGUAGES = ("en", "de", "fr", "es")
_SAME, _BOTH_NONE = "the same days", "no time for either"
_MISSED, _OTHER_SCRIPT = "only the other", "in another script"
_LATIN = re.compile(r"[a-zA-Z]{3}")
_CLOSE = 3
_SPEED_TEXT = (
    "We met Ana last Tuesday in the park, and she may call by 12 May or on Friday. " * 13_000
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    asked = json.loads((options.data / "temporal_queries/dev.json").read_text("utf-8"))
    outcomes: Counter[str] = Counter()
    shown: set[tuple[str, str]] = set()
    for key, expected in asked.items():
        said, _, question = key.partition("\x1f")
        when = datetime.fromisoformat(said)
        theirs = _range(expected)
        ours, language = _look(question, when)
        outcome = _compare(ours, theirs)
        if outcome == _MISSED and not _LATIN.search(question):
            outcome = _OTHER_SCRIPT
        outcomes[outcome] += 1
        if options.show and outcome not in (_SAME, _BOTH_NONE) and (outcome, question) not in shown:
            shown.add((outcome, question))
            say(f"{outcome:22} {language:2} {said[:10]} {question[:50]!r}: {ours} / {theirs}")
    for outcome, count in outcomes.most_common():
        say(f"{outcome:22} {count:5} {count / len(asked):6.1%}")
    agreed = outcomes[_SAME] + outcomes[_BOTH_NONE]
    readable = len(asked) - outcomes[_OTHER_SCRIPT]
    figures = {
        "agreement": agreed / len(asked),
        "agreement_in_latin_script": agreed / readable,
        "seconds_per_mb": _speed(),
        "n": len(asked),
        **{name.replace(" ", "_"): count for name, count in outcomes.items()},
    }
    say(f"agreement {agreed / len(asked):.3f}, in Latin script {agreed / readable:.3f}")
    say(f"{figures['seconds_per_mb']:.2f} s for a megabyte")
    write_json(figures, options.json)


def _range(expected: list[str] | None) -> Range | None:
    if expected is None:
        return None
    first, last = (datetime.fromisoformat(each).date() for each in expected)
    return first, last


def _look(question: str, said: datetime) -> tuple[Range | None, str]:
    """The first time found in English, else in the other languages: the data names none."""
    for language in _LANGUAGES:
        found = find(question, said, language)
        if found:
            return (found[0].first, found[0].last), language
    return None, ""


def _compare(ours: Range | None, theirs: Range | None) -> str:
    if ours is None or theirs is None:
        if ours == theirs:
            return _BOTH_NONE
        return _MISSED if ours is None else "only we"
    if ours == theirs:
        return _SAME
    if ours[0] <= theirs[0] and theirs[1] <= ours[1]:
        return "ours is wider"
    if theirs[0] <= ours[0] and ours[1] <= theirs[1]:
        return "ours is narrower"
    if abs((ours[0] - theirs[0]).days) <= _CLOSE and abs((ours[1] - theirs[1]).days) <= _CLOSE:
        return "a few days apart"
    return "other days"


def _speed() -> float:
    began = time.process_time()
    find(_SPEED_TEXT, date(2023, 5, 8))
    return (time.process_time() - began) / (len(_SPEED_TEXT) / 1e6)


if __name__ == "__main__":
    main()
