"""What was asked of cairn, and what it answered → the archive; and what it quoted → fingerprints.

Called by the engine after each answer. Neither is evidence: the conversation is never indexed, and
a sentence that cairn has quoted is not learned again from whoever repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from cairn.core.answer.following.exchange import Exchange
from cairn.core.chats.archive import Archive, KeptTurn
from cairn.core.chats.formats import OWN
from cairn.core.chats.parts import echo, sentences
from cairn.core.chats.turn import Batch
from cairn.core.config import Chats
from cairn.core.private import PrivateMode
from cairn.core.records import Answer, digest
from cairn.core.redact import redact

OWN_SOURCE = "cairn:"
_NOTHING = "Not in your memory."
_SPEAKER = re.compile(r"^\S[^:\n]{0,60}: ")


class Own:
    def __init__(
        self,
        archive: Archive,
        settings: Chats,
        private: PrivateMode,
        clock: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._settings = settings
        self._private = private
        self._clock = clock

    @property
    def keeps(self) -> bool:
        """Does the user want questions and answers to be kept, now?"""
        return self._settings.own and not self._private.is_on

    def latest(self, most: int) -> list[Exchange]:
        """What is kept of the last ones, the latest last; what was forgotten of it is left out."""
        found: list[Exchange] = []
        days = self._archive.conversations("kind = ?", (OWN.kind,)) if self._settings.own else ()
        today = self._clock().astimezone().date().isoformat()
        for day in days:
            if day.ended[:10] > today:
                continue  # the clock was ahead then: it is not what was asked last
            turns = self._archive.turns(day.uri, day.highest - 2 * most)
            pairs = list(_pairs(turns))
            found = [*pairs, *found]
            if len(found) >= most:
                break
        return found[-most:]

    def note_quotes(self, answer: Answer) -> None:
        """What it quotes is not learned again from whoever repeats it."""
        self._archive.note_quotes(_quoted(answer))

    def note(self, answer: Answer) -> None:
        """Keep a question with its answer, unless the user wants none kept."""
        self.note_quotes(answer)
        if not self.keeps:
            return
        moment = self._clock().astimezone().replace(microsecond=0).isoformat()
        day = moment[:10]
        question = redact(answer.question)
        # The reason for an abstention names words of the question, which may be a secret's parts.
        said = " ".join(sentence.text for sentence in answer.sentences) or _NOTHING
        about = {
            "is": "About", "conversation": day, "title": f"Questions to cairn, {day}",
            "project": "", "parent": "", "people": [],
        }  # fmt: skip
        turns = [
            _turn(day, moment, "user", question.text, question.text),
            _turn(day, moment, "assistant", redact(said).text, question.text),
        ]
        batch = Batch(OWN.kind, [about, *turns], {}, {}, {}, "", True, None)
        self._archive.store_own(batch, OWN_SOURCE)


def _quoted(answer: Answer) -> set[str]:
    """Fingerprints of what was quoted; of a chat, also without the speaker in front."""
    texts = [citation.quote for citation in answer.citations]
    texts += [sentence.text for sentence in answer.sentences]
    plain = [_SPEAKER.sub("", each) for text in texts for each in sentences(text)]
    return {echo(each) for each in [*plain, *(each for text in texts for each in sentences(text))]}


def _pairs(turns: Iterable[KeptTurn]) -> Iterator[Exchange]:
    asked: KeptTurn | None = None
    for turn in turns:
        if turn.origin == "user":
            asked = turn
        elif asked and asked.text and turn.text:
            answer = "" if turn.text == _NOTHING else turn.text
            yield Exchange(asked.text, answer, at=asked.when)
            asked = None


def _turn(day: str, moment: str, origin: str, text: str, asked: str) -> dict[str, Any]:
    """Two questions of one second may have the same answer."""
    return {
        "is": "Turn", "conversation": day, "key": digest(moment, origin, asked, text, size=8),
        "origin": origin, "who": "", "role": origin, "when": moment, "text": text, "command": "",
        "reply_to": "", "is_side": False, "attachments": [], "line": 0,
    }  # fmt: skip
