"""The formats of conversations as targets of the fuzzer, begun with what their tests read.

A format is read as itself, whatever the changed input looks like: asked what it is, nearly all of
them would be nobody's. And without those who keep a reader's trouble from stopping an import, as
they would also keep it from being seen.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.chats.agents import (
    test_chats_aider,
    test_chats_claude_code,
    test_chats_codex,
    test_chats_copilot,
    test_chats_copilot_cli,
    test_chats_gemini,
)
from tests.chats.exports import (
    test_chats_chatgpt,
    test_chats_claude_ai,
    test_chats_messages,
    test_chats_takeout,
    test_chats_turns,
)
from tests.chats.logs import test_chats_irc, test_chats_shell
from tests.chats.messengers import (
    test_chats_discord,
    test_chats_instagram,
    test_chats_mail,
    test_chats_signal,
    test_chats_telegram,
)

_WHATSAPP = "[02.05.26, 10:00:00] Ana: We agreed\non 400\n[02.05.26, 10:01:00] Ben: fine\n"
_CURSOR = [
    {"role": "user", "message": {"content": [{"type": "text", "text": "<user_query>why?"}]}},
    {"role": "assistant", "message": {"content": [{"type": "text", "text": "So."}]}},
]


def read_chat(kind: str, name: str) -> Callable[[bytes, Path], object]:
    """All of it, then on from the state in which that ends."""

    def run(data: bytes, folder: Path) -> object:
        from cairn.core.chats.cleaning import Cleaning
        from cairn.core.chats.formats import format_of
        from cairn.core.chats.source import Transcript
        from cairn.core.chats.turn import About, State, Turn

        path = folder / name
        path.write_bytes(data)
        format, state, cleaning = format_of(kind), State(), Cleaning(["Ana"])
        format.fits(Transcript(path))
        for item in format.read(Transcript(path), state):
            if isinstance(item, Turn | About):
                cleaning.item(item, format, name, Counter())
        return list(format.read(Transcript(path), json.loads(json.dumps(state))))

    return run


def _whole(value: Any) -> bytes:
    return json.dumps(value).encode()


def _lines(values: Iterable[Any]) -> bytes:
    texts = (each if isinstance(each, str) else json.dumps(each) for each in values)
    return "".join(f"{text}\n" for text in texts).encode()


def _discord() -> bytes:
    message = test_chats_discord.message
    reply = message(2, "yes", "Reply", reference={"messageId": "1"})
    about = {"id": "3", "type": "GuildTextChat", "name": "general"}
    guild = {"guild": {"id": "1", "name": "Club"}, "channel": about, "messageCount": 2}
    return _whole({**guild, "messages": [message(1, "gg <@!7>", mentions=[{"id": "7"}]), reply]})


def _instagram() -> bytes:
    message = test_chats_instagram.message
    about = {"participants": [{"name": "Ana"}], "title": "Ana", "thread_path": "inbox/ana_1"}
    return _whole({**about, "messages": [message(2000, "naïve"), message(1000, photos=[{}])]})


def _telegram() -> bytes:
    message = test_chats_telegram.message
    answer = message(2, ["see ", {"type": "bold", "text": "it"}], reply_to_message_id=1)
    return _whole(test_chats_telegram.chat(message(), answer, test_chats_telegram.service("pin")))


def _signal() -> bytes:
    message = test_chats_signal.message
    return _whole([message(1), message(2, "ok", type="outgoing", quote={"id": 1, "text": "hi"})])


def _mails() -> bytes:
    mail = test_chats_mail.mail
    again = "No.\n\nOn Mon, 10 Aug 2026 Ana wrote:\n> Is 400 ok?"
    return f"{mail('1@x', 'Is 400 ok?')}{mail('2@x', again, subject='Re: beds')}".encode()


SEEDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "claude-code": ("a.jsonl", (_lines(test_chats_claude_code.TALK),)),
    "codex": (test_chats_codex.NAME, (_lines(test_chats_codex.TALK),)),
    "gemini": ("session-1.jsonl", (_lines(test_chats_gemini.RECORDS),)),
    "copilot": ("s1.jsonl", (_lines(test_chats_copilot.LOG),)),
    "copilot-cli": ("events.jsonl", (_lines(test_chats_copilot_cli.EVENTS),)),
    "cursor": ("agent.jsonl", (_lines(_CURSOR),)),
    "aider": (".aider.chat.history.md", (test_chats_aider.HISTORY.encode(),)),
    "chatgpt": ("conversations.json", (_whole([test_chats_chatgpt.ROME]),)),
    "claude": (
        "conversations.json",
        (_whole([test_chats_claude_ai.conversation(*test_chats_claude_ai.TALK)]),),
    ),
    "gemini-app": ("MyActivity.json", (_whole(test_chats_takeout.RECORDS),)),
    "discord": ("general.json", (_discord(),)),
    "telegram": ("result.json", (_telegram(),)),
    "whatsapp": ("_chat.txt", (_WHATSAPP.encode(),)),
    "signal": ("Ana (+49123).json", (_signal(),)),
    "instagram": ("message_1.json", (_instagram(),)),
    "mail": ("Inbox", (_mails(),)),
    "irc": (
        "garden.log",
        tuple(
            each.encode()
            for each in (
                test_chats_irc.WEECHAT,
                test_chats_irc.IRSSI,
                test_chats_irc.ZNC,
                test_chats_irc.HEXCHAT,
            )
        ),
    ),
    "shell": (".zsh_history", (test_chats_shell.ZSH,)),
    "turns": ("a.turns.jsonl", (_lines(test_chats_turns.LINES),)),
    "messages": (
        "dump.json",
        (
            _whole([test_chats_messages.ASKED, test_chats_messages.ANSWERED]),
            _whole([test_chats_messages.ANA, test_chats_messages.BEN]),
        ),
    ),
}
"""By format, the name of a file and what may stand in it. Those in databases are left out."""
