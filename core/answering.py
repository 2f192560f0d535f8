"""An answer that is quoted → one in a model's words, where there is a model and it holds.

Called by asking.py behind everything that finds and quotes. Whatever goes wrong, is stopped, or
isn't said by the evidence, the quoted answer stands, with a word on why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cairn.core.answer.context import Find, build
from cairn.core.answer.following.exchange import Exchange
from cairn.core.answer.generate import Drafted, Sign, compose, write
from cairn.core.answer.past import told
from cairn.core.answer.saying import says_little
from cairn.core.answer.spans import ReadSpans
from cairn.core.answer.verify import Verdict
from cairn.core.config import Models
from cairn.core.errors import Unavailable
from cairn.core.home import Home
from cairn.core.models.embedding import Embedding
from cairn.core.models.fit.kernels import KERNELS
from cairn.core.models.offload.reads import READS
from cairn.core.models.reading import Reading
from cairn.core.models.writing.generating import Generating, Stopped
from cairn.core.recall.around import Stretch
from cairn.core.recall.search import Results
from cairn.core.records import Answer, Evidence
from cairn.core.sentences import quotes

Widen = Callable[[Sequence[Evidence], int], Sequence[Stretch]]
"""Evidence with what stands around it, within so many tokens."""
_FEWEST = 0.7
"""Of the least relevance; what is further off is not shown to a model."""


_BESIDE = -6.0
"""The reader's score of a text in which it is sure to find no answer. Of sentences that answer, one
in eight scores less; but only one in eighty does while an answer is found in another one."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody wants to be answered."""

    quick: bool = False
    """Without a model that writes."""
    trial: bool = False
    """Only to see how it is answered: it is neither kept nor counted as a use."""
    aside: bool = False
    """Not by the user: no part of their conversation, and no use of what is cited."""
    earlier: tuple[Exchange, ...] = ()
    """What a follow-up leans on."""
    tell: Callable[[Sign], None] = lambda sign: None
    stop: Callable[[], bool] = lambda: False
    """Has whoever asked had enough? Then what is quoted is the answer."""


USUAL = Manner()
QUICK = Manner(quick=True)


class Answering:
    def __init__(
        self, home: Home, settings: Models, min_relevance: float, embedding: Embedding
    ) -> None:
        self._settings = settings
        self._least = min_relevance * _FEWEST
        self.read: ReadSpans = Reading(embedding).read
        self.generating = Generating(
            settings, home.logs, is_polite=False, kept=home.cache / "prompts",
            promised=home.run / "models", kernels=home.cache / KERNELS,
            disks=home.cache / READS,
        )  # fmt: skip

    @property
    def is_on(self) -> bool:
        return bool(self._settings.answers and self.generating.path)

    @property
    def model(self) -> str:
        return self.generating.path.stem if self.generating.path else ""

    def answer(
        self, quoted: Answer, results: Results, widen: Widen, manner: Manner, today: str
    ) -> Answer:
        """`quoted` is made of the same results; `today` is an ISO day."""
        fitting = [item for item in results.evidence if self._is_fitting(item)]
        if not fitting or not self.is_on or manner.quick or quoted.abstained:
            return quoted
        try:
            day = today if results.question.times else ""
            drafted = self._draft(results, partial(widen, fitting), manner, day)
        except Stopped:
            return _noted(quoted, "the writing was stopped; this is quoted instead")
        except Unavailable as error:
            return _noted(quoted, f"{error.message}; this is quoted instead")
        kept = [each for each in drafted.kept if _is_said(quoted, each.text)]
        if kept and not self._is_beside(quoted, kept):
            return compose(quoted, kept, len(drafted.left_out), self.model)
        said = "found no answer in it" if drafted.declined else "said nothing that the sources say"
        if drafted.kept:
            said = "wrote what does not answer this"
        return _noted(
            replace(quoted, left_out=len(drafted.left_out)),
            f"the model {said}; this is quoted instead",
        )

    def _is_beside(self, quoted: Answer, kept: Sequence[Verdict]) -> bool:
        """Does the reader see an answer in what is quoted, and none in what the model wrote?"""
        text = " ".join(each.text for each in kept)
        if not quoted.short or quoted.short.casefold() in text.casefold():
            return False
        try:
            return self.read(quoted.question, [text], 1)[0].score <= _BESIDE
        except Unavailable:
            return False

    def _is_fitting(self, item: Evidence) -> bool:
        """Not what cairn itself says, nor a file of which only the name is known."""
        is_said = item.chunk.kind not in ("file", "episode")
        return is_said and item.relevance >= self._least and bool(quotes(item.chunk))

    def _draft(self, results: Results, find: Find, manner: Manner, today: str) -> Drafted:
        manner.tell(Sign())  # whoever waits sees that a model is at work
        count = self.generating.count
        past = partial(told, manner.earlier, count=count)
        context = build(results.question.text, find, count, today, past)
        if not context.passages:
            raise Unavailable("the model can't take in what was found")
        return write(
            self.generating, context, manner.tell, manner.stop, think=self._settings.think,
        )  # fmt: skip

    def close(self) -> None:
        self.generating.close()


def _is_said(quoted: Answer, text: str) -> bool:
    """A name alone, copied from below a mail, is true and no sentence; it may be what is asked."""
    is_short = bool(quoted.short) and quoted.short.casefold() in text.casefold()
    return is_short or not says_little(text)


def _noted(answer: Answer, said: str) -> Answer:
    return replace(answer, degraded="; ".join(filter(None, (answer.degraded, said))))
