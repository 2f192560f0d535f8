"""A text → the secrets that are known by the label beside them: `password: …`, `API_KEY=…`.

Called by `redact`. Looks only near the labels that a text search finds, and no further than a few
hundred characters from each, so time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.redact.fields import find_in_field, is_key
from cairn.core.redact.found import Found
from cairn.core.redact.judge import (
    is_odd,
    is_plain_password,
    is_quality,
    is_random,
    is_secret,
    is_stand_in,
)
from cairn.core.redact.labels import OTHER_STEMS, STEMS, Label, label_of

_REACH = 64
_TOO_LONG = 2000
_BACKWARDS = re.compile(r"(?:[\w.-]|[ \u00a0\u202f](?=\w)){0,64}")
_FORWARDS = re.compile(r"[\w-]*+")
_CLOSE = r"[\"'`\])*_”’»]{0,4}"
_HINT = r"(?:[^\S\n]{0,2}\([^()\n]{1,40}\))?"
_FOR = (
    r"(?:[^\S\n]{1,2}(?:for|to|of|fürs?|fuers?|zum|zur|vom|de|du|des|pour|para|del|della|at|on)"
    r"[^\S\n][^\n.:=,;]{1,40}?)?"
)
_SIGN = re.compile(
    _CLOSE + _HINT + _FOR + r"[^\S\n]{0,16}(?P<sign>:=|=>|={1,3}|:|：|＝)[*_`]{0,3}[^\S\n]{0,16}"
)
_BELOW = re.compile(_CLOSE + r"[^\S\n]{0,4}[:：]?[*_]{0,2}[^\S\n]{0,4}\n[ \t\n>]{0,8}")
_IS = re.compile(
    _FOR + r"[^\S\n]{1,2}(?:is|was|lautet|ist|war|est|es|é|è|är|er|jest|это|=)[^\S\n]{1,2}"
    r"(?:now[^\S\n]|still[^\S\n]|jetzt[^\S\n]|set to[^\S\n])?"
)
_PAIRED = re.compile(
    r"[\"']?\s{0,4}[,\n]\s{0,40}(?:- )?[\"']?(?:value|Value|val|content)[\"']?\s?[:=]\s{0,4}"
)
_ATTRIBUTE = re.compile(r"[\"']\s{1,4}(?:value|Value)=(?=[\"'])")
_CALLED = re.compile(r"\(\s{0,4}(?=[\"'])")
_CELL = re.compile(_CLOSE + r"[^\S\n]{0,8}(?:\t|\|)[^\S\n]{0,8}")
_TAG = re.compile(r"(?:\s[^<>\n]{0,80})?>\s{0,8}")
_FLAG = re.compile(r"[^\S\n]{1,2}")
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "«": "»", "„": "“", "‘": "’"}
_QUOTED = {
    start: re.compile(rf"[rbfL@]?{start}((?:[^{end}\n\\]|\\.){{0,2000}}){end}")
    for start, end in _QUOTES.items()
}
_BARE = re.compile(r"[^\s\"'`<>“”«»]{1,2000}+")
_REST = re.compile(r"[^\S\n]{0,4}(?:[#;].*|//.*|\\|,)?(?:\n|\Z)")
_CUT = re.compile(r"[;&,](?=[\w .-]{1,40}=)|[;&,)\]}]+\Z|\\[nrt].*|</.*", re.DOTALL)
_INI = re.compile(r"\s{0,20}(?:[\w.-]{1,60}\s{0,20}=.*|[#;].*|)")
_SECTION = re.compile(r"\s{0,8}\[[\w .:/\"-]{1,80}\]\s{0,8}")
_PHRASE = re.compile(r"(?:[a-z]{3,12}[ -]){3,11}[a-z]{3,12}(?=[^\S\n]{0,4}(?:\n|\Z))")
_NUMBER = re.compile(r"(\d{4}(?: ?\d{2,4})?|\d{3}|\d{5,8})(?![\w.:/€$%-])")
_NETRC = re.compile(r"(?:login|user|username|account|admin)\s{1,4}\S{1,100}\s{1,40}\Z")
_LOGINS = ("login", "user", "account", "admin")
_CISCO = re.compile(r"[^\S\n](?:[0-9] )?")
_UNSPACED = re.compile(
    r"(?:密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|รหัสผ่าน|סיסמה"
    r"|كلمة المرور|كلمة السر|पासवर्ड|Κωδικός)"
    r"[^\S\n]{0,4}(?:[:：=]|是|为|為|は|이|은|는)[^\S\n]{0,4}([!-~]{4,64})"
)


@dataclass(frozen=True, slots=True)
class Value:
    start: int
    end: int
    text: str
    quoted: bool
    ends_line: bool


def find_labelled(text: str, plain: bytes) -> Iterator[Found]:
    """`plain` is the text in ASCII and lower case, character for character."""
    for stem in STEMS:
        yield from _near(text, _hits(plain, stem.encode()))
    if not text.isascii():
        for stem in OTHER_STEMS:
            yield from _near(text, _hits(text, stem))
        for match in _UNSPACED.finditer(text):
            if is_odd(match[1]):
                yield Found(match.start(1), match.end(1), "password")


def _hits(text: str | bytes, stem: str | bytes) -> Iterator[tuple[int, int]]:
    at = text.find(stem)  # type: ignore[arg-type]
    while at >= 0:
        yield at, at + len(stem.rstrip())
        at = text.find(stem, at + len(stem))  # type: ignore[arg-type]


def _near(text: str, hits: Iterator[tuple[int, int]]) -> Iterator[Found]:
    done = 0
    for start, end in hits:
        if end <= done:
            continue
        tail = _FORWARDS.match(text, end)
        done = stop = tail.end() if tail else end
        if stop - start > _REACH:
            continue
        window = text[max(0, start - _REACH) : start][::-1]
        before = _BACKWARDS.match(window)
        begin = start - (before.end() if before else 0)
        label = label_of(text[begin:stop]) if text[begin - 4 : begin] != "etc/" else None
        if label:
            found = _after(text, begin, stop, label)
            if found:
                yield found
                done = max(done, found.end)


def _after(text: str, begin: int, stop: int, label: Label) -> Found | None:
    """The value that belongs to a label at `text[begin:stop]`."""
    match = _SIGN.match(text, stop)
    if match:
        found = _settled(text, begin, match.end(), match["sign"], label)
        return found or _below(text, begin, stop, label)
    for reads in (_below, _paired, _said, _flagged, _listed):
        found = reads(text, begin, stop, label)
        if found:
            return found
    return None


def _settled(text: str, begin: int, at: int, sign: str, label: Label) -> Found | None:
    if label.strength == "digits":
        return _number(text, at, label)
    opens = _opens_line(text, begin)
    name = text[begin:at]
    if opens and _is_setting(text, at, sign):
        field = find_in_field(text, at, name, label)
        if field:
            return Found(*field, label.kind)
    value = _read(text, at)
    if value is None or not value.text:
        return None
    if label.kind in ("credential", "token") and not value.quoted:
        value = _skip_scheme(text, value)
    open_field = opens and value.ends_line and _is_field(text, begin, at, sign, value)
    if is_secret(value.text, label.strength, value.quoted, open_field):
        return Found(value.start, value.end, label.kind)
    if value.quoted and label.strength == "token" and is_key(value.text, name, label):
        return Found(value.start, value.end, label.kind)
    if label.kind == "credential" and value.text.endswith("=") and is_random(value.text[:-1]):
        return Found(value.start, value.end, label.kind)
    if label.kind == "passphrase" and (phrase := _PHRASE.match(text, value.start)):
        return Found(phrase.start(), phrase.end(), label.kind)
    return None


def _opens_line(text: str, begin: int) -> bool:
    """Whether only a few words, marks of a list or `export` stand before the label."""
    line = text.rfind("\n", max(0, begin - 80), begin)
    if line < 0 and begin > 80:
        return False
    before = text[line + 1 : begin]
    return len(before) <= 48 and not re.search(r"[.?!;=(){}]\s|[=(){}]", before)


def _is_setting(text: str, at: int, sign: str) -> bool:
    """Not a comparison, and no type and value as in `token: str = …`."""
    return len(sign) == 1 or sign in (":=", "=>") or not text[at - 1].isspace()


def _is_field(text: str, begin: int, at: int, sign: str, value: Value) -> bool:
    """Whether a plain word can be a password here: not in a program, where it is a name."""
    after = text[value.end : value.end + 1]
    if after in (",", ";", "(", "[", "{"):
        return False
    if sign in (":", "："):
        name = text[begin:at]
        return not (value.text[0].isupper() and name[:1].islower())
    if sign != "=":
        return False
    tight = text[at - 1] in "=＝" and text[at - 2 : at - 1] not in " \t"
    return tight or _in_section(text, begin)


def _in_section(text: str, begin: int) -> bool:
    """Below a `[section]` with nothing but settings between."""
    rows = text[max(0, begin - 2000) : begin].split("\n")[:-1]
    for row in reversed(rows[-40:]):
        if _SECTION.fullmatch(row):
            return True
        if not _INI.fullmatch(row):
            return False
    return False


def _below(text: str, begin: int, stop: int, label: Label) -> Found | None:
    """On the next line alone: under a heading, or under a label in a form."""
    match = _BELOW.match(text, stop)
    if not match or label.strength in ("digits", "weak"):
        return None
    heading = text[max(0, begin - 60) : begin].rpartition("\n")[2].lstrip().startswith("#")
    if not heading and not (":" in match[0] or "：" in match[0]):
        return None
    value = _read(text, match.end())
    if value is None or not value.ends_line or is_stand_in(value.text):
        return None
    fits = is_random(value.text) if label.strength == "token" else is_odd(value.text)
    return Found(value.start, value.end, label.kind) if fits else None


def _paired(text: str, begin: int, stop: int, label: Label) -> Found | None:
    """`name: DB_PASSWORD, value: …`, `<password>…</password>`, `setPassword("…")`."""
    match = _PAIRED.match(text, stop) or _ATTRIBUTE.match(text, stop)
    if not match and label.strength != "weak":
        match = _CALLED.match(text, stop)
    if not match and text[begin - 1 : begin] in ("<", ":"):
        match = _TAG.match(text, stop)
    value = _read(text, match.end()) if match else None
    if value is None:
        return None
    inside = text[value.end : value.end + 2] == "</" or value.ends_line
    if is_secret(value.text, label.strength, value.quoted, inside):
        return Found(value.start, value.end, label.kind)
    return None


def _said(text: str, begin: int, stop: int, label: Label) -> Found | None:
    """`the password is …`, in the middle of a sentence."""
    if label.strength == "digits":
        match = _IS.match(text, stop) or (_FLAG.match(text, stop) if _is_sign(text, stop) else None)
        return _number(text, match.end(), label) if match else None
    match = _IS.match(text, stop)
    value = _read(text, match.end()) if match else None
    if value is None or (label.strength == "weak" and not value.quoted):
        return None
    word = value.text.rstrip(".!?:\\")
    if is_stand_in(word) or not word:
        return None
    if label.strength == "token":
        fits = is_random(word)
    elif value.quoted:
        fits = is_secret(word, "password", True, True)
    else:
        after = text[value.start + len(word) : value.start + len(word) + 2]
        ends = value.ends_line or re.match(r"[.!;,](?:\s|\Z)", after) is not None
        fits = is_odd(word) or (
            ends and len(word) >= 6 and is_plain_password(word) and not is_quality(word)
        )
    return Found(value.start, value.start + len(word), label.kind) if fits else None


def _is_sign(text: str, stop: int) -> bool:
    """`PIN 1234`, where the label is written as one, not `pin 1234` on a board."""
    word = re.split(r"[^A-Za-z]", text[max(0, stop - 8) : stop])
    return word[-1].isupper() or word[-1].lower() in ("code", "puk", "cvv", "cvc")


def _flagged(text: str, begin: int, stop: int, label: Label) -> Found | None:
    """`--password …`, `login alice password …` of .netrc, `password 7 …` of a router."""
    match = _FLAG.match(text, stop)
    if not match or label.strength == "digits":
        return None
    if text[begin:stop].rpartition(" ")[2].startswith("--"):
        value = _read(text, match.end())
        if value and is_secret(value.text, label.strength, value.quoted, False):
            return Found(value.start, value.end, label.kind)
    if label.strength == "password" or label.kind == "secret":
        head = text[max(0, begin - 80) : stop]
        if not any(name in head for name in _LOGINS):
            return None
        word = re.search(r"\w+\Z", text[begin:stop])
        head = head[: len(head) - len(word[0] if word else "")]
        match = _CISCO.match(text, stop) if _NETRC.search(head) else None
        value = _read(text, match.end()) if match else None
        if value and not is_stand_in(value.text):
            return Found(value.start, value.end, label.kind)
    return None


def _listed(text: str, begin: int, stop: int, label: Label) -> Found | None:
    """A row of two cells: `Password | …`."""
    match = _CELL.match(text, stop)
    value = _read(text, match.end()) if match and label.strength == "password" else None
    if value is None:
        return None
    end = re.compile(r"[^\S\n]{0,20}\|?[^\S\n]{0,4}(?:\n|\Z)").match(text, value.end)
    fits = end is not None and is_odd(value.text) and not is_stand_in(value.text)
    return Found(value.start, value.end, label.kind) if fits else None


def _number(text: str, at: int, label: Label) -> Found | None:
    if text[at : at + 1] in ('"', "'", "`", "*"):
        at += len(text[at : at + 2]) - len(text[at : at + 2].lstrip("\"'`*"))
    match = _NUMBER.match(text, at)
    if not match or (label.kind == "PIN") == (len(match[0]) == 3):
        return None
    digits = match[0].replace(" ", "")
    before = text[max(0, at - 12) : at].lower().replace("-", " ").replace("pincode", "pin code")
    if len(digits) == 6 and "pin code" in before:
        return None  # a postal code of India
    return Found(match.start(), match.end(), label.kind)


def _skip_scheme(text: str, value: Value) -> Value:
    """`Authorization: Bearer …`: what follows the word."""
    if value.text.lower() not in ("bearer", "basic", "token", "apikey", "digest", "bot", "key"):
        return value
    at = value.end + 1
    return (_read(text, at) if text[value.end : at] == " " else None) or value


def _read(text: str, at: int) -> Value | None:
    """The value that begins at an offset: what is in quotes, or up to white space."""
    first = text[at : at + 1]
    pattern = _QUOTED.get(first if first in _QUOTES else text[at + 1 : at + 2])
    match = pattern.match(text, at) if pattern else None
    if match:
        start, end = match.span(1)
        return Value(start, end, text[start:end], True, _REST.match(text, match.end()) is not None)
    match = _BARE.match(text, at)
    if not match or len(match[0]) == _TOO_LONG:
        return None
    found = match[0]
    cut = _CUT.search(found)
    if cut and cut.start() > 0:
        found = found[: cut.start()]
    found = found.rstrip("*_") if found.endswith(("**", "__")) else found
    end = at + len(found)
    return Value(at, end, found, False, _REST.match(text, end) is not None)
