"""A citation of turns → the turns themselves and their neighbours, from the archive."""

from __future__ import annotations

from dataclasses import asdict

from cairn.core.chats.archive import Archive, Conversation, KeptTurn
from cairn.core.chats.document import LEFT_BRANCH, speaker
from cairn.core.errors import NotFound
from cairn.core.locate import Target
from cairn.core.passage import Passage, Piece


def conversation_passage(
    conversation: Conversation, archive: Archive, target: Target, context: int
) -> Passage:
    first, last = (target.first, target.last) if target.unit else (1, conversation.highest)
    turns = archive.turns(conversation.uri, first - context, last + context)
    cited = [turn for turn in turns if first <= turn.number <= last]
    if not cited:
        many = "1 turn" if conversation.turns == 1 else f"{conversation.turns} turns"
        raise NotFound(
            f"{target.locator or 'the conversation'} is not there: it has {many}",
            f"`cairn show {conversation.uri}` prints all of it",
        )
    return Passage(
        target, conversation.title, "chat", (), conversation.project, cited[0].when,
        ", ".join(dict.fromkeys(filter(None, (_who(turn, conversation) for turn in cited)))),
        tuple(
            Piece(
                f"t{turn.number}", turn.number, _text(turn, conversation),
                target.unit is not None and first <= turn.number <= last,
            )
            for turn in turns
        ),
    )  # fmt: skip


def _who(turn: KeptTurn, conversation: Conversation) -> str:
    return speaker(asdict(turn), conversation.kind) or {"context": "(put in by the program)"}.get(
        turn.origin, turn.origin
    )


def _text(turn: KeptTurn, conversation: Conversation) -> str:
    """All of it that is kept, with its author and time."""
    time = turn.when[:16].replace("T", " ")
    side = f" ({LEFT_BRANCH})" if turn.is_side else ""
    head = f"{_who(turn, conversation)}{f', {time}' if time else ''}{side}: "
    names = f"[{', '.join(turn.attachments)}]" if turn.attachments else ""
    command = f"$ {turn.command}" if turn.command else ""
    return head + "\n".join(filter(None, (command, turn.text, names)))
