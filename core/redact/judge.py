"""A value beside a label → whether it is the secret, or only stands in for one.

Called by `values` and `columns`. Careful both ways: a password can be a plain word, but so can
`required`, `string`, or the name of a variable.
"""

from __future__ import annotations

import re

from cairn.core.redact.found import is_name, is_scrambled, is_varied
from cairn.core.redact.labels import Strength

_STAND_IN = re.compile(
    r"[*•●xX.\-_?#…=~]+|<[^<>]*>|\{.*\}|\(.*\)|\[.*\]|\$[({].*|(?-i:\$(?:[A-Z_0-9]+|[a-z_]+))|%[a-z_]*%?|%\w+%|![a-z]{1,12}"
    r"|.*(?:\$\{|\{\{|%\(\w+\)).*|.*://.*|(?:~|\.{1,2})?(?-i:(?:/[a-z0-9_.-]+)+/?)|\.{1,2}/.*"
    r"|[A-Za-z]:\\.*|(?:process|os)\.env.*|.*(?:getenv|environ|redacted|placeholder).*"
    r"|(?:your|my|the|some|an?|example|insert|replace|change|enter|dummy|fake|sample|to)[-_ ].*"
    r"|x{3,}.*|.*\.(?:json|ya?ml|txt|pem|key|env|py|js|ts|md|html?|cfg|conf|ini|toml|xml|csv|png)",
    re.IGNORECASE | re.DOTALL,
)
_PLAIN_NAMES = re.compile(
    r"(?=[^\d]*$).*(?:passw|pwd|passphrase|secret|token|credential|kennwort|contrase|senha|парол).*",
    re.IGNORECASE,
)
BRACKETS = frozenset("<{([|>&")
_NEVER = frozenset(
    """required require optional needed necessary mandatory string str text none null nil true false
    yes no undefined empty hidden unknown default any bool boolean int integer number varchar char
    bytes byte object type input field forgotten same see ask wrong invalid correct incorrect
    expired changed reset protected encrypted hashed weak strong new old missing set unset here
    below above tbd todo not the a an is was for from with and or to in on of my your his her our
    their this that it if as at by be we you they changeme example enter please pass pw key user
    username login email name value data self public private readonly const let var return public
    static final void async await option field obligatoire requis erforderlich falsch richtig
    vergessen geändert requerido obligatorio incorrecta obbligatoria basic bearer digest negotiate
    good bad safe secure insecure simple complex easy hard long short unique different available
    provided given stored saved sent kept written used shared known valid okay ok fine important
    sorry help reminder manager policy prompt secretstr secretbytes optionalstr
    """.split()
)
_ADJECTIVE = re.compile(
    r".*(?:ed|ing|able|ible|ful|less|ous|ive|ic|al|ly|ent|ant|en|ory|ary|ish|est|er|ung|lich|isch|"
    r"ig|é|ée|ado|ada|ido|ida)"
)
_CALL = re.compile(r"[A-Za-z_][\w.:>-]*[(\[].*|.*\)[;,.]?")
_IDENTIFIER = re.compile(r"[A-Za-z_]+")
_MARKS = re.compile(r"[^\W_][^\s]*[!@#$%^&*+=?~|\\][^\s]*|[!@#^*+=?~|\\][^\s]*[^\W_]")
_DAY = re.compile(
    r"\d{4}-\d\d-\d\d.*|\d\d?[.:/]\d\d.*|v?\d+(?:\.\d+)+|\d+(?:px|em|ms|s|%|kb|mb|gb)"
)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_SLUG = re.compile(r"[a-z]+\d{0,3}(?:[-_.:/][a-z]*\d{0,3})*|[A-Z]+\d{0,3}(?:_[A-Z]*\d{0,3})*")
_RANDOM = re.compile(r"[\w+/=.~:%-]+")
_DIGEST = re.compile(r"(?:sha\d+|md5|blake2b)[:-].*", re.IGNORECASE)


def is_stand_in(value: str) -> bool:
    return value[:1] in BRACKETS or stands_in(value)


def stands_in(value: str) -> bool:
    """The same for a value that may begin with a bracket, if none ends it."""
    return (
        not value
        or len(value) > 4096
        or value.lower() in _NEVER
        or _STAND_IN.fullmatch(value if len(value) < 100 else value[:60]) is not None
        or _PLAIN_NAMES.match(value[:100]) is not None
    )


def is_odd(value: str) -> bool:
    """No word of a language and no name in a program: digits among letters, or marks inside."""
    if len(value) < 4 or _DAY.fullmatch(value.lower()) or is_name(value):
        return False
    digits = any(ch.isdigit() for ch in value)
    letters = any(ch.isalpha() for ch in value)
    return (digits and (letters or value.isdigit())) or _MARKS.fullmatch(value) is not None


def is_random(value: str) -> bool:
    """As a program makes tokens: long, varied, and not made of words."""
    if len(value) < 8 or not is_varied(value) or is_name(value) or _SLUG.fullmatch(value):
        return False
    if UUID.fullmatch(value) or _DIGEST.fullmatch(value) or _DAY.fullmatch(value.lower()):
        return False
    digits = sum(ch.isdigit() for ch in value[:400])
    cased = any(ch.islower() for ch in value) and any(ch.isupper() for ch in value)
    if _IDENTIFIER.fullmatch(value):
        return cased and len(value) >= 24
    return digits >= 2 or (cased and digits > 0) or _MARKS.fullmatch(value) is not None


def is_plain_password(value: str) -> bool:
    """A single word that could be one, where nothing else can stand."""
    return len(value) >= 4 and value.lower() not in _NEVER and value.isalpha()


def is_quality(value: str) -> bool:
    """What one says of a password: `required`, `wrong`, `in the drawer`."""
    return value.lower() in _NEVER or _ADJECTIVE.fullmatch(value.lower()) is not None


def is_secret(value: str, strength: Strength, quoted: bool, open_field: bool) -> bool:
    """`open_field`: the value is alone behind its label, as in a settings file."""
    if stands_in(value) or (value[0] in BRACKETS and not (quoted and is_scrambled(value))):
        return False
    if strength == "digits":
        return re.fullmatch(r"\d[\d ]{1,8}\d", value) is not None
    if strength == "token":
        return (_RANDOM.fullmatch(value) is not None or quoted) and is_random(value)
    if not quoted and _CALL.fullmatch(value):
        return False
    if strength == "weak":
        return is_odd(value) and len(value) >= 6 and not value.isdigit()
    if quoted:
        return _is_quoted_password(value)
    return is_odd(value) or (open_field and is_plain_password(value))


def _is_quoted_password(value: str) -> bool:
    words = value.split()
    if len(words) == 1:
        return len(value) >= 4
    return len(words) <= 10 and _NEVER.isdisjoint(word.lower().strip(".,!?:") for word in words)
