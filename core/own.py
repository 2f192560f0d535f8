"""What was asked of cairn, and what it answered → the archive; and what it quoted → fingerprints.

Called by the engine after each answer. Neither is evidence: the conversation is never indexed, and
a sentence that cairn has quoted is not learned again from whoever repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cairn.core.chats.archive import Archive
from cairn.core.chats.formats import OWN
from cairn.core.chats.parts import echo, sentences
from cairn.core.chats.turn import Batch
from cairn.core.config import Chats
from cairn.core.private import PrivateMode
from cairn.core.records import Answer, digest
from cairn.core.redact import redact

OWN_SOURCE = "cairn:"
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

    def note(self, answer: Answer) -> None:
        """Keep a question with its answer, unless the user wants none kept."""
        self._archive.note_quotes(_quoted(answer))
        if not self._settings.own or self._private.is_on:
            return
        moment = self._clock().astimezone().replace(microsecond=0).isoformat()
        day = moment[:10]
        question = redact(answer.question)
        # The reason for an abstention names words of the question, which may be a secret's parts.
        said = " ".join(sentence.text for sentence in answer.sentences) or "Not in your memory."
        about = {
            "is": "About", "conversation": day, "title": f"Questions to cairn, {day}",
            "project": "", "parent": "", "people": [],
        }  # fmt: skip
        turns = [
            _turn(day, moment, "user", question.text),
            _turn(day, moment, "assistant", redact(said).text),
        ]
        batch = Batch(OWN.kind, [about, *turns], {}, {}, {}, "", True, None)
        self._archive.store_own(batch, OWN_SOURCE)


def _quoted(answer: Answer) -> set[str]:
    """Fingerprints of what was quoted; of a chat, also without the speaker in front."""
    texts = [citation.quote for citation in answer.citations]
    texts += [sentence.text for sentence in answer.sentences]
    plain = [_SPEAKER.sub("", each) for text in texts for each in sentences(text)]
    return {echo(each) for each in [*plain, *(each for text in texts for each in sentences(text))]}


def _turn(day: str, moment: str, origin: str, text: str) -> dict[str, Any]:
    return {
        "is": "Turn", "conversation": day, "key": digest(moment, origin, text, size=8),
        "origin": origin, "who": "", "role": origin, "when": moment, "text": text, "command": "",
        "reply_to": "", "is_side": False, "attachments": [], "line": 0,
    }  # fmt: skip
