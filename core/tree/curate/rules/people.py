"""A noun phrase → the person or thing that it stands for, as entries have it in their subject.

Called by the rules that tell of others than the speaker. "my sister" is "Ana's sister" where Ana
says it; what begins a sentence with a capital and is no name is nobody.
"""

from __future__ import annotations

import re

from cairn.core.tree.curate.rules.naming import ROLES, determiner, read_phrase
from cairn.core.tree.curate.rules.values import NAME
from cairn.core.tree.curate.rules.voice import ME, possessive

_KIN = (
    "mother|father|mum|mom|dad|wife|husband|partner|girlfriend|boyfriend|fiancée?|sister|brother|"
    "son|daughter|child|grandmother|grandfather|grandma|grandpa|gran|granddad|aunt|uncle|cousin|"
    "niece|nephew|sister-in-law|brother-in-law|mother-in-law|father-in-law|flatmate|roommate|"
    "neighbou?r|colleague|boss|best friend|godmother|godfather|godson|goddaughter|twin|"
    "mutter|vater|mama|papa|frau|mann|freundin|freund|schwester|bruder|sohn|tochter|oma|opa|tante|"
    "onkel|nichte|neffe|cousine|schwägerin|schwager|nachbarin|nachbar|kollegin|kollege|chefin|chef"
)
KIN = rf"(?:{_KIN})"
_ONE_OF_US = re.compile(
    rf"(?i:my|our|mein[er]?|unser[er]?)\s+(?P<kin>(?:(?:older|younger|little|big|elder|eldest|"
    rf"youngest|new|twin|kleine[r]?|große[r]?)\s+)?(?:{_KIN}|{'|'.join(sorted(ROLES))}))"
    rf"(?:,?\s+(?P<name>{NAME}),?)?$"
)
_IS_NAME = re.compile(rf"(?:the\s+)?{NAME}$")
_OWNED_KIN = re.compile(rf"(?P<name>{NAME})['’]s? (?P<kin>{_KIN}|{'|'.join(sorted(ROLES))})$")
_THE_ROLE = re.compile(rf"(?:the|our|der|die|unser[er]?)\s+[^\W\d_]*\s?(?:{'|'.join(sorted(ROLES))}"
                       r"|sweep|teacher|tutor|baker|gardener|cleaner|nanny|priest)$")  # fmt: skip
_ROLE_AND_TITLE = re.compile(
    rf"(?i:(?:our |my |unser\w* )?(?:{'|'.join(sorted(ROLES))})),? "
    rf"(?P<name>(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau)\.? {NAME})$"
)
NO_NAMES = frozenset(
    "The This That It He She They We You I There What Who Which And But So Then If When Please "
    "Also Next Now Everyone Everybody Someone Somebody Nobody Anyone Tomorrow Today Yesterday "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May "
    "June July August September October November December Note Todo TODO All Our My Your His Her "
    "Their Its A An No Not One Some Most Many Each Every Both In On At For From With By To Of As "
    "After Before Since Until While Because Although Here How Why Where Maybe Perhaps Just Only "
    "Even Still Never Always Well Yes Ok Okay Let Has Have Had Is Are Was Were Do Does Did Can "
    "Could Will Would Should May Might These Those Such Same Other Another Two Three Four Five "
    "Life "
    "People Kids Children Work School Dinner Lunch Breakfast Coffee Question Answer Action "
    "Decision "
    "Der Die Das Ein Eine Ich Er Sie Es Wir Ihr Mein Meine Unser Unsere Dein Deine Und Aber Wenn "
    "Le La Les Un Une El Los Las Je Il Elle On Nous Yo Mi Mon Ma Heute Morgen Gestern Am Im Bis "
    "Jeder Alle Man Nach Vor Seit Ab Zum Zur Mit Bei Beim Für Von Vom Auf Nicht Noch Nur".split()
)

_OPENS = re.compile(rf"(?:{'|'.join(sorted(NO_NAMES))})\b")


def person(phrase: str, owner: str) -> str:
    """A name, or somebody's kin; empty for anything else. `owner` is whose "my" is."""
    phrase = phrase.strip(" ,")
    own = _ONE_OF_US.match(phrase)
    if own:
        mine = "my" if owner in ME else possessive(owner)
        return own["name"] or f"{mine} {own['kin'].casefold()}"
    kin = _OWNED_KIN.match(phrase)
    if kin:
        return f"{possessive(kin['name'])} {kin['kin']}"
    if _THE_ROLE.match(phrase):
        return phrase.split(None, 1)[1]
    if titled := _ROLE_AND_TITLE.match(phrase):
        return titled["name"]
    return phrase if is_name(phrase) else ""


def is_no_name(phrase: str) -> bool:
    """Whether it begins with a word that has a capital for other reasons: "Tuesday at six"."""
    return bool(_OPENS.match(phrase))


def is_name(phrase: str) -> bool:
    if phrase[:4].casefold() in ("the ", "der ", "die ", "das "):
        return False
    return bool(_IS_NAME.match(phrase)) and not is_no_name(phrase)


def thing(phrase: str) -> str:
    """What is named with "the" or "our", or by a name; its property is part of it."""
    about = read_phrase(phrase)
    is_one = determiner(phrase) in _DEFINITE or is_name(phrase) or _HEADED.match(phrase)
    if about is None or not is_one:
        return ""
    subject = about.subject
    if about.attribute:
        subject = phrase.split(None, 1)[-1].casefold()
        if subject.split()[-1] not in _ALSO_THINGS:
            return ""
    return subject if subject and len(subject.split()) <= _MOST_WORDS else ""


_MOST_WORDS = 6
_ALSO_THINGS = frozenset("stand place launch release contract".split())
"""They name a property of something, and things too."""
_DEFINITE = frozenset("the our my der die das unser unsere mein meine le la les el los las".split())
_HEADED = re.compile(
    r"(?:(?-i:[A-ZÀ-Þ])[\w'’-]+['’]s?\s+[a-z]+|[A-ZÀ-Þ][a-zà-ÿ]+\s+[a-z]+)(?:\s[a-z]+)?$"
)
