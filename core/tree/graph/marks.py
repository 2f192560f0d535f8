"""A text → the names that its marks give away: mailboxes of mail headers, @handles, files.

Called by `names.py`. Every pattern is bounded, so that hostile text costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import getaddresses

from cairn.core.tree.graph.found import ThingKind
from cairn.core.tree.graph.name_words import NOT_HANDLES, PLAIN_FILES, PLAIN_FOLDERS, ROLES, fold

Marked = tuple[str, ThingKind]

_HEADER = re.compile(
    r"^(?:From|To|Cc|Bcc|Reply-To|Sender|Von|An|De|À|Para): {0,4}(.{1,2000})", re.I
)
_MOST_RECIPIENTS = 20
"""A mail to more than these is sent to nobody in particular."""
ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_HANDLE = re.compile(r"(?<![\w@/.`])@([A-Za-z][\w.-]{1,29})(?![\w/(@])")
_EXTENSIONS = (
    "pdf|docx?|odt|rtf|xlsx?|ods|csv|tsv|pptx?|odp|key|numbers|pages|txt|md|tex|epub|eml|ics|"
    "jpe?g|png|heic|svg|mp[34]|m4a|wav|mov|zip|py|rs|go|js|ts|tsx|jsx|java|kt|swift|c|cc|cpp|h|hpp|"
    "rb|php|sh|sql|html|css|json|ya?ml|toml|ipynb"
)
_FILE = re.compile(rf"(?<![\w.@:-])[\w-]{{1,60}}\.(?:{_EXTENSIONS})(?![\w/.-]*\w)", re.I)
_URL = re.compile(r"\b(?:https?|ftp|file|chat)://?\S+|\bwww\.\S+")
_INLINE_CODE = re.compile(r"`[^`\n]{0,200}`")


def without_marks(line: str) -> str:
    """The line with a full stop for each thing that is no running text, so no name spans it."""
    for pattern in (_URL, _INLINE_CODE, ADDRESS, _FILE, _HANDLE):
        line = pattern.sub(" . ", line)
    return line


def header_people(line: str) -> Iterator[Marked]:
    """Mailboxes of a mail's header line: `Anna Berger <anna@example.org>`."""
    match = _HEADER.match(line)
    if not match:
        return
    boxes = getaddresses([match[1]])
    if len(boxes) > _MOST_RECIPIENTS:
        return
    for name, address in boxes:
        name = " ".join(name.replace("<", " ").replace(">", " ").split())
        is_role = bool(address) and not is_personal(address)
        if not ADDRESS.fullmatch(address):
            address = ""
        if "@" in name:
            name = ""
        if is_role or not (name or address):
            continue
        yield (f"{name} <{address}>" if name and address else name or address), "person"


def is_header(line: str) -> bool:
    return bool(_HEADER.match(line))


def is_personal(address: str) -> bool:
    """Is it somebody's address, and no role's or machine's?"""
    local = fold(address.partition("@")[0])
    parts = re.split(r"[._+-]+", local)
    return local not in ROLES and not any(part in ROLES for part in parts) and len(local) < 40


def addresses(line: str) -> Iterator[Marked]:
    for match in ADDRESS.finditer(line):
        if is_personal(match[0]):
            yield match[0], "person"


def handles(line: str) -> Iterator[Marked]:
    for match in _HANDLE.finditer(line):
        handle = match[1].rstrip(".-")
        if fold(handle) not in NOT_HANDLES and "." not in handle:
            yield "@" + handle, "person"


def files(line: str) -> Iterator[Marked]:
    for match in _FILE.finditer(_URL.sub(" ", line)):
        if fold(match[0]) not in PLAIN_FILES:
            yield match[0], "thing"


def project_name(folder: str) -> str:
    """The folder's own name, where it says anything."""
    name = folder.replace("\\", "/").rstrip("/").rpartition("/")[2].strip()
    name = name.removeprefix("file:")
    is_plain = fold(name) in PLAIN_FOLDERS or name in ("", "~") or name.startswith(".")
    return "" if is_plain or not re.search(r"[^\W\d_]{2}", name) else name
