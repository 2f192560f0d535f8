"""Drafts and a tree that they are filed in, as the engine does it."""

from __future__ import annotations

import re
import unicodedata

from cairn.core.tree.place.choose import Draft, Known, choose

HOSTILE = (
    "", ".", "..", "../../etc/passwd", "/etc", "C:\\Windows\\System32", "a/b/c/d/e", "CON",
    "nul.txt", "com1", "name.", "name ", ".git", "_context", "a" * 10_000, "ä" * 10_000, "🎉🎉",
    "\u202egnp.exe", "\x00\x1b[31m", "\n\r\t", "שלום עולם", "مرحبا", "猫の写真", "e\u0301" * 300,
    "a" + "\u0301" * 500, "\ud800", "\u200b\u2060", "\u3164", "x\ufe0f", "%2e%2e%2f", "~", "-rf",
    "ﬁn", "İstanbul", "ß" * 60, "inbox", "Archive", "9f2c41d8e0", "2024-05-12", "[[x]]|#^",
    "𐍈" * 60,
)  # fmt: skip


class Filing:
    """A tree without files."""

    def __init__(self) -> None:
        self.known = Known()
        self.filed: list[tuple[str, Draft]] = []

    def put(self, draft: Draft) -> str:
        folder = choose(draft, self.known)
        self.known.note(folder, draft)
        self.filed.append((folder, draft))
        return folder

    def move(self, number: int, folder: str) -> None:
        """As a user does, by hand."""
        was, draft = self.filed[number]
        self.known.forget(was, draft)
        self.known.note(folder, draft, by_hand=True)
        self.filed[number] = (folder, draft)


def assert_safe(folder: str) -> None:
    parts = folder.split("/")
    assert 1 <= len(parts) <= 3, folder
    assert len(parts) > 1 or folder == "inbox", folder
    for part in parts:
        assert part and len(part) <= 46 and len(part.encode()) <= 126, part
        assert part == unicodedata.normalize("NFC", part) == part.lower()
        assert not re.search(r'[\s.~%:*?"<>|\\\x00-\x1f\x7f]', part), part
        assert all(unicodedata.category(char)[0] in "LMN" or char == "-" for char in part), part
        assert not part.startswith("-") and not part.endswith("-") and "--" not in part
        assert part not in ("con", "nul", "aux", "prn", "com1", "lpt1")
