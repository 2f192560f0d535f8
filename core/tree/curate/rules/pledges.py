"""A clause → what somebody has taken on without saying "I'll": "I owe Ben the keys by Friday".

Called by `promises`, which asks for a day by which it is due. What somebody refuses, or only has to
do some time, is none. Linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cairn.core.tree.curate.rules.people import KIN, NO_NAMES
from cairn.core.tree.curate.rules.values import NAME

_TO = (
    rf"(?-i:(?!{'|'.join(sorted(NO_NAMES))}\b){NAME}|(?:[Mm]y|[Oo]ur|[Tt]he) [a-z]+|"
    rf"(?:[Mm]y|[Oo]ur) {KIN})"
)
_HANDS = (
    r"(?:sends?(?: round| out| over)?|brings?|delivers|writes(?: up)?|prepares|does|takes(?: "
    r"over| "
    r"care of)?|handles|checks|fixes|repairs|orders|books|calls|drafts|reviews|updates|prints|"
    r"collects|organi[sz]es|arranges|buys|finishes|submits|pays|translates|makes|builds|gets|sets "
    r"up|looks (?:after|into|for|at)|sorts out|hands in|files|uploads|asks|contacts|cleans|"
    r"picks up)"
)
_MINE: tuple[str, ...] = (
    # told of oneself, mostly in notes
    rf"(?:I(?:['’]ve| have)? )?(?:promised|assured|gave my word to|pledged|sworn|swore)"
    rf"(?: {_TO})? (?:to|that I(?:['’]d|['’]ll| would| will)|I(?:['’]d|['’]ll| would| will)) "
    rf"[a-z]+ .+",
    rf"(?:I(?:['’]ve| have)? )?told {_TO} (?:that )?I(?:['’]d|['’]ll| would| will) [a-z]+ .+",
    rf"I(?: still)? owe (?:you|{_TO}) .+",
    rf"(?:{_TO}|you) (?:counts?|(?:is|are) counting|relies|rely) on me (?:to|for) .+",
    rf"(?:{_TO} gets|you(?:['’]ll| will)? get|I owe {_TO}) (?:the|his|her|their|your|my|a|an|"
    rf"all)\s.+ (?:from me )?(?:by|until) .+",
    r"(?:I said|said) (?:that )?I(?:['’]d|['’]ll| would) [a-z]+ .+",
    r".{0,60}\bI(?:['’]m| am) (?:supposed )?to (?!be\b)[a-z]+ .+",
    r"leave .{3,60} (?:with|to) me\b.+",
    r"I can (?:take|do|handle) (?:that|it|this)(?: on)? and [a-z]+ .+",
    r"let me (?!know|see|think|check|guess|tell)[a-z]+ .+",
    r".{3,60}(?::|,)? (?:that(?:['’]s| is)|is) (?:on me|my job|my task|mine to do)\b.+",
    r"(?:.{0,30}[,:] )?(?:you(?:['’]ll| will| can)? |and )?(?:get|have|receive|expect) "
    r"(?:the|your|my|our|all|it)\b.*",
)
_THEIRS: tuple[str, ...] = (
    rf"(?i:action|action item|ai|to-?do|task|next step)\s*[:–-]\s*(?P<who>{NAME}) (?:to|will) "
    rf"[a-z]+ .+",
    rf"(?P<who>{NAME}) to [a-z]+ .+",
    rf"(?P<who>{NAME}) (?:will|is going to|promised(?: {_TO})? to|has promised to|has to|agreed "
    rf"to|"
    rf"volunteered to|offered to|is to) (?!be\b)[a-z]+ .+",
    rf"(?P<who>{NAME}) {_HANDS} (?:the|a|an|his|her|their|our|my|up|round|all|three|two)\b.+",
)
_OWN = tuple(re.compile(form, re.IGNORECASE) for form in _MINE)
_OTHERS = tuple(re.compile(form) for form in _THEIRS)
_REFUSED = re.compile(
    r"\b(?:not (?!forget)|never|nobody|no one|if|unless|maybe|perhaps|might|probably|hopefully|"
    r"whether|would have|usually|always|every|each|used to|should|could)\b|"
    r"(?<!do)n['’]t\b|\bcannot\b",
    re.IGNORECASE,
)
_FORGETS = re.compile(
    r"^(?:I )?(?:must not|mustn['’]t|do not|don['’]t|not to|to not) forget[:,]? (?:that )?|"
    r"^(?:reminder|note to self|remember)[:,]? (?:that )?",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|before|until|till|due|no later than)\s", re.IGNORECASE)


_FOREIGN = re.compile(
    r"\b(?:(?:du|ihr|sie) (?:bekommst|kriegst|bekommt|kriegt|erhalten|bekommen)\b|ich "
    r"(?:schicke|sende|bringe|überweise|bezahle|rufe|kümmere|erledige|besorge|reserviere|"
    r"buche|schreibe|gebe|mache|kaufe|melde|liefere|bestelle)\b|"
    r"ich werde\b.{3,90}\b(?:schicken|senden|bringen|überweisen|bezahlen|anrufen|erledigen|"
    r"besorgen|reservieren|buchen|schreiben|kaufen|liefern|bestellen)\b|"
    r"je (?:t['’]|te |vous |l['’])?(?:enverrai|envoie|apporterai|paierai|appellerai|appelle|"
    r"rappelle|réserverai)\b|"
    r"je vais (?:t['’]|te |vous |l['’])?(?:envoyer|apporter|payer|appeler|réserver|acheter)\b|"
    r"(?:te|le|les|os) (?:enviaré|envío|mando|mandaré|llevaré|llamaré|llamo|pagaré)\b|"
    r"voy a (?:enviar|mandar|llevar|llamar|pagar|reservar|comprar)\w*)",
    re.IGNORECASE,
)
_DUE_WORDS = re.compile(
    r"\b(?:bis|am|vor|avant|d['’]ici|pour|antes|para|el|le|by|on|before|until)\b", re.I
)
_UNSURE_FOREIGN = re.compile(
    r"\b(?:wenn|falls|vielleicht|nicht|kein\w*|si|peut-être|pas|quizás|tal vez|no|jeden|immer|"
    r"toujours|siempre)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pledge:
    claim: str
    who: str
    """Empty where it is the speaker."""


def pledged(text: str) -> Pledge | None:
    """None for most; whether there is a day is for the caller to see."""
    forgets = _FORGETS.match(text)
    claim = text[forgets.end() :] if forgets else text
    if not _BY.search(claim) or _REFUSED.search(claim) or claim.endswith("?"):
        return None
    if any(form.match(claim) for form in _OWN):
        return Pledge(claim, "")
    for form in _OTHERS:
        found = form.match(claim)
        if found and found["who"].split()[0] not in NO_NAMES:
            return Pledge(claim, found["who"])
    return None


def is_pledge_abroad(text: str) -> bool:
    """The same in other languages, with a word for the day."""
    if not _FOREIGN.search(text) or _UNSURE_FOREIGN.search(text):
        return False
    return bool(_DUE_WORDS.search(text))
