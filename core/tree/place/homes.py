"""Where something comes from → the folder its owner keeps it in: `file:~/notes/garden/beds.md` →
notes, garden. Levels that say nothing (home, Documents, src, 2024, export) are passed over.

Called by `choose` and `known`. Only the address, title and project decide, so that the same place
has the same home for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from cairn.core.tree.place.names import DEEPEST, INBOX, domain, name
from cairn.core.uris import container as file_of

PEOPLE = "people"
PROJECTS = "projects"
_CONVERSATIONS = "conversations"
GENERAL = "general"
_MOST_PARTS = 64
_MOST_CHARS = 4096
_CODE = frozenset(
    """src source sources code coding repo repos repositories git github gitlab workspace workspaces
    projects project projekte projets proyectos dev develop development go""".split()
)
_HOSTS = frozenset("github-com gitlab-com codeberg-org bitbucket-org".split())
_SAYS_NOTHING = frozenset(
    """home users user root documents document dokumente documenti documentos docs doc my-documents
    desktop schreibtisch bureau escritorio downloads download téléchargements descargas library
    mobile-documents onedrive dropbox google-drive my-drive icloud-drive icloud nextcloud owncloud
    syncthing sync box cloud obsidian vault vaults logseq export exports exported import imports
    backup backups archive archived archives trash old new misc miscellaneous various stuff tmp temp
    temporary data files file folder folders new-folder untitled untitled-folder mnt media volumes
    run srv opt var usr etc share local inbox attachments attachment assets build dist target out
    main master trunk default pages page content contents unsorted todo done""".split()
)
_STEMS = frozenset(
    """readme index notes note untitled todo main document scan img image screenshot draft chat log
    changelog new summary log readme-first""".split()
)
_ROOTS = {"home": 2, "Users": 2, "Volumes": 2, "media": 3, "root": 1}
"""How many levels from the top lead to what is the user's."""
_DRIVE = re.compile(r"\A[A-Za-z]:[/\\]")
_BETWEEN_PEOPLE = frozenset("slack discord telegram whatsapp signal instagram irc".split())
_EITHER = frozenset(("turns", "messages"))
_MIXED = frozenset(("shell", "cairn"))
"""Conversations that are about anything."""
_WITH = re.compile(
    r"\A(?:\w{1,20} )?(?:chat|conversation|messages|direct messages?|dms?|unterhaltung|discussion)"
    r"(?: whatsapp)? (?:with|mit|con|avec|com) ",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"\A(?:(?:re|fwd?|aw|wg|sv|tr|rv|antw)\s*:\s*)+", re.IGNORECASE)
_TWO_PEOPLE = re.compile(r"[^\W\d_a-zß-ÿ]\w{1,30} (?:and|&|und|et|y|e) [^\W\d_a-zß-ÿ]\w{1,30}")


@dataclass(frozen=True, slots=True)
class Home:
    levels: tuple[str, ...]
    """Up to three; none where nothing of the place means anything."""
    stem: str = ""
    """What the file itself is called, where its folder names a domain only."""

    @property
    def key(self) -> str:
        return "/".join((*self.levels, self.stem) if self.stem else self.levels)


NOWHERE = Home(())
THOUGHTS = Home((INBOX,))


def home(container: str, title: str = "", project: str = "") -> Home:
    if container.startswith("chat:"):
        return _of_chat(container, title, project)
    if container.startswith("file:"):
        return _of_file(container)
    return _of_project(project)


def plain(container: str) -> str:
    """The address of the whole, of whatever is in it."""
    return file_of(container[:_MOST_CHARS].partition("#")[0])


def is_mixed(container: str) -> bool:
    return container.startswith("chat:") and _kind(container) in _MIXED


def needs_title(container: str) -> bool:
    """Is where it belongs not known without what it is called?"""
    return container.startswith("chat:") and _kind(container) in _BETWEEN_PEOPLE


def people_title(title: str) -> str:
    """`WhatsApp chat with Ana` → Ana, `Re: Garden` → Garden."""
    return _WITH.sub("", _ANSWER.sub("", title[:200].strip().lstrip("#@"), count=1), count=1)


def _kind(container: str) -> str:
    return container.removeprefix("chat:").partition("/")[0]


def _of_file(container: str) -> Home:
    parts = _parts(plain(container).removeprefix("file:"))
    if parts[-3:-1] == ["tree", INBOX]:
        return THOUGHTS
    levels, is_code = _levels(parts[:-1])
    if is_code:
        return Home((PROJECTS, *levels[:1])) if levels else NOWHERE
    if len(levels) != 1:
        return Home(levels)
    stem = name(parts[-1].rpartition(".")[0] or parts[-1])
    says_nothing = _is_letter(stem) or stem in _STEMS | _SAYS_NOTHING or stem == levels[0]
    return Home(levels, "" if says_nothing else stem)


def _of_project(project: str) -> Home:
    """A folder that was worked in, or the name of a project."""
    if not re.search(r"[/\\~]", project):
        called = name(project)
        return Home((PROJECTS, called)) if called else NOWHERE
    levels, is_code = _levels(_parts(project))
    if is_code or len(levels) == 1:
        return Home((PROJECTS, *levels[:1])) if levels else NOWHERE
    return Home(levels)


def _of_chat(container: str, title: str, project: str) -> Home:
    kind = _kind(container)
    if kind in _BETWEEN_PEOPLE:
        return _between_people(container, title, project)
    if project and (found := _of_project(project)).levels:
        return found
    if kind not in _EITHER:
        return NOWHERE
    called = name(people_title(title))
    if _WITH.match(title) or _TWO_PEOPLE.fullmatch(title.strip()):
        return Home((PEOPLE, called)) if called else NOWHERE
    return Home((_CONVERSATIONS, called)) if called else NOWHERE


def _between_people(container: str, title: str, project: str) -> Home:
    called = name(people_title(title)) or name(plain(container).rpartition("/")[2])
    group = domain(project.rstrip("/").rpartition("/")[2])
    if group and group != called:
        return Home((group, called or GENERAL))
    return Home((PEOPLE, called)) if called else NOWHERE


def _parts(path: str) -> list[str]:
    """The levels of a path below the user's own folder."""
    path = _DRIVE.sub("/", unquote(path[:_MOST_CHARS], errors="replace"), count=1)
    parts = [part for part in re.split(r"[/\\]", path) if part and part not in (".", "..")]
    if parts[:1] == ["~"]:
        return parts[1:]
    if parts[:2] == ["run", "media"]:
        return parts[4:]
    return parts[_ROOTS.get(parts[0], 0) :] if parts and path[0] in "/\\" else parts


def _levels(parts: list[str]) -> tuple[tuple[str, ...], bool]:
    """Those that mean something, and whether they lie where programs are kept."""
    levels: list[str] = []
    is_code = is_host = False
    for part in parts[:_MOST_PARTS]:
        called = name(part)
        if is_host or part.startswith(".") or not called or _is_letter(called):
            is_host = False  # what follows a host is the owner's name there
        elif called in _HOSTS:
            is_code, is_host = is_code or not levels, True
        elif called in _CODE:
            is_code = is_code or not levels
        elif called not in _SAYS_NOTHING and called not in levels:
            levels.append(called)
    return tuple(levels[:DEEPEST]), is_code


def _is_letter(called: str) -> bool:
    """One letter; in scripts of signs, one is a word."""
    return len(called) == 1 and called.isascii()
