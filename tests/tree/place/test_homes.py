from __future__ import annotations

import pytest

from cairn.core.tree.place.homes import home


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("file:~/notes/garden/beds.md#L12-L18", "notes/garden"),
        ("file:~/notes/garden.md", "notes/garden"),
        ("file:/home/ana/Documents/2024/Garden/Plan.md", "garden/plan"),
        ("file:/Users/ana/Desktop/work/acme/nda.pdf", "work/acme"),
        ("file:/media/ana/stick/notes/garden/x.md", "notes/garden"),
        ("file:~/work/clients/acme/contracts/nda.pdf", "work/clients/acme"),
        ("file:~/src/cairn/core/x.py", "projects/cairn"),
        ("file:~/src/github.com/somebody/cairn/README.md", "projects/cairn"),
        ("file:~/work/src/cairn/x.py", "work/cairn"),
        ("file:~/mail/trip.eml!/plan.docx#p3", "mail/trip"),
        ("file:~/journal/2024-05-01.md", "journal"),
        ("file:~/notes/100%25 garden/x.md", "notes/100-garden"),
        ("file:~/.config/thing/x.md", "thing"),
        ("file:~/Downloads/x.pdf", ""),
        ("file:~/Documents/backup/2023-01-02/9f2c41d8/x.pdf", ""),
        ("file:/", ""),
        ("file:", ""),
        ("file:~", ""),
    ],
)
def test_a_file_belongs_in_its_own_folders(uri: str, expected: str) -> None:
    assert home(uri).key == expected


@pytest.mark.parametrize(
    ("uri", "title", "project", "expected"),
    [
        ("chat:claude-code/9f2", "Fix it", "/home/ana/src/cairn", "projects/cairn"),
        ("chat:codex/9f2", "Fix it", "~/notes/garden", "notes/garden"),
        ("chat:cursor/9f2", "", "C:\\Users\\ana\\repos\\cairn", "projects/cairn"),
        ("chat:claude/9f2", "Which roses?", "Garden redesign", "projects/garden-redesign"),
        ("chat:chatgpt/9f2", "Which roses?", "", ""),
        ("chat:whatsapp/ana-3f2a1b7c", "", "", "people/ana"),
        ("chat:whatsapp/x", "WhatsApp Chat with Ana Silva", "", "people/ana-silva"),
        ("chat:signal/x", "Chat mit Jörg", "", "people/jörg"),
        ("chat:telegram/123456789", "🎉", "", ""),
        ("chat:slack/C04ABCDEF", "#beds", "Garden Club", "garden-club/beds"),
        ("chat:turns/conv-26", "Caroline and Melanie", "", "people/caroline-and-melanie"),
        ("chat:turns/conv-27", "Sourdough help", "", "conversations/sourdough-help"),
        ("", "", "", ""),
    ],
)
def test_a_conversation_belongs_to_its_project_or_people(
    uri: str, title: str, project: str, expected: str
) -> None:
    assert home(uri, title, project).key == expected
