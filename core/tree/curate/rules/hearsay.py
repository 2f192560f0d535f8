"""What stands before "we decided" → whether the sentence vouches for it.

Called by `deciding`. "He lied that we decided", "I dreamt we agreed" and "the novel says we chose"
tell of no decision; "Anna confirmed that we decided" does. Linear in the text.
"""

from __future__ import annotations

import re

_REACH = 120
_THAT = r"(?:that|how|dass|que|qu['’])"
_NOT_SO = (
    r"claim(?:s|ed|ing)?|alleg(?:es?|ed|edly)|pretend(?:s|ed)?|lie[sd]?|lying|den(?:y|ies|ied|ying)|"
    r"dream(?:s|t|ed|ing)?|doubt(?:s|ed)?|thinks?|thought|believe[sd]?|assume[sd]?|suppose[sd]?|"
    r"supposedly|imagine[sd]?|guess(?:es|ed)?|hope[sd]?|jok(?:es?|ed|ing)|rumou?rs?|legend|myth|lie|"
    r"fiction|false|untrue|not true|not the case|nonsense|"
    r"behaupte\w*|leugne\w*|bestreite\w*|bestritt|geträumt|träum\w*|lüg\w*|gelogen|denk(?:e|t|en)|"
    r"dachte\w*|glaub(?:e|t|en|te)|vermute\w*|falsch|unwahr|nicht wahr|stimmt nicht|gerüchte?|"
    r"angeblich|"
    r"prétend\w*|affirme\w*|nie|nié|rêv[ée]\w*|ment|menti|pense\w*|pensait|croi[st]|croyait|faux|"
    r"pas vrai|rumeur|soi-disant|"
    r"afirm[aóo]\w*|nieg[ao]|negó|soñ\w*|sueñ\w*|miente|mintió|cree|creo|creía|piens[ao]|pensaba|"
    r"falso|no es (?:cierto|verdad)|supuestamente"
)
_SAYS = (
    r"(?:says?|said|goes|tells?|writes|sagte?|erzählt|schreibt|dit|disait|raconte|dice|dijo|cuenta)"
)
_TOLD = (
    r"novel|book|film|movie|song|story|poem|play|series|episode|chapter|game|script|roman|buch|"
    r"geschichte|märchen|livre|conte|chanson|novela|libro|película|cuento|canción"
)
_ENDS = rf"(?:(?:\s[^\s,;:.]+){{0,5}}?[,:]?\s{_THAT}\s*|[,:]?\s*)$"
"""With a few words more only before "that": "denied in the meeting that" we decided."""
_UNTRUE = re.compile(rf"\b(?:{_NOT_SO}|(?:{_TOLD})\s{_SAYS}){_ENDS}", re.IGNORECASE)
_SAID = re.compile(rf"(?P<who>[^\W\d_]+)\s{_SAYS}{_ENDS}", re.IGNORECASE)
_VOUCHES = frozenset(
    "i we ich wir je nous yo nosotros minutes note notes notiz notizen protocol protokoll record "
    "records mail email letter brief summary report agenda chair contract acta notas".split()
)
_OURS = re.compile(r"(?:that\s+)?(?:we|i|you and i|all of us|wir|nous|on)\b", re.IGNORECASE)
_LEADS_ON = re.compile(r"(?:and|so|then|but|ok|okay)\s", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:nobody|no ?one|none|neither|niemand|keine[rs]?|personne|aucun|nadie|ninguno)\b"
    r"(?:\s(?!we\b|so\b|and\b|wir\b|nous\b)[^\W\d_'’]+['’]?[^\W\d_]*){0,4}?\s(?:n['’]a\s)?"
    r"(?:decided|agreed|resolved|voted|settled|opted|chose|beschlossen|beschloss|entschieden|"
    r"vereinbart|décidé|convenu|decidido|decidió|acordado|acordó)\b",
    re.IGNORECASE,
)


def is_hearsay(text: str, at: int, who: str = "") -> bool:
    """Whether `text[:at]`, behind which somebody decides, says that it is not so, or that
    another one says so. `who` are the words from there on that name who decides."""
    if _LEADS_ON.match(who):
        return False
    before = text[max(0, at - _REACH) : at]
    if who.casefold().startswith("that "):
        before += "that "
    if _UNTRUE.search(before):
        return True
    said = _SAID.search(before) if _OURS.match(who) else None
    return said is not None and said["who"].casefold() not in _VOUCHES


def is_nobodys(text: str) -> bool:
    """Nobody decided to move."""
    return _NOBODY.match(text) is not None
