"""The earlier question asked again in another way: `when?`, `why not?`, `who else?`, `did Ben?`.

Called by `resolve` with what was said, taken apart. "" where it is nothing of the kind.
"""

from __future__ import annotations

import re

from cairn.core.answer.following.anatomy import LEAD, Clause
from cairn.core.answer.following.referents import Earlier, answered_name, person, topic_text
from cairn.core.answer.following.words import AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, base
from cairn.core.recall.question.named import names_in

_ADVERBIAL = ("when", "where", "why", "how", "how long", "how come", "how often", "how soon",
              "what time", "what day", "what date", "what year", "what month")  # fmt: skip
_BARE = re.compile(
    rf"(?P<lead>{LEAD.pattern})(?: exactly| precisely| then)?"
    r"(?! (?:is|are|will) (?:it|they|this)\b)"
    r"(?P<was>(?: did| does| has| was| is| were| will| would)? ?(?:that|it|this|they)?"
    r"(?: be| been| happen(?:ed|ing)?| again| exactly| about| take place| come about| like that"
    r"| so| and (?:why|when|where|how))?)",
    re.IGNORECASE,
)
_AND_LEAD = re.compile(r"(?P<one>when|where|why|how|who) and (?P<two>when|where|why|how|who)", re.I)
_WHY_NOT = re.compile(r"why not|how come not|why (?:wasn't|isn't|didn't|hasn't) (?:it|that)", re.I)
_REASON = re.compile(
    r"(?:what (?:was|is|were)|for what) (?:the |your |our )?reasons?"
    r"(?: (?:for|behind) (?:it|that|this)| why)?|for what reason|how so|what for"
    r"|why(?: is| was)? (?:that|this|it)(?: so)?", re.IGNORECASE,
)  # fmt: skip
_ELSE = re.compile(
    r"(?P<what>who|what|where|when|which|how|any(?:thing|one|body|where)|some(?:thing|one|body))"
    r"(?: was| is| were| are| did (?:we|i|they|you))? else"
    r"(?: (?:was|is|were|are) (?:it|that|there))?"
    r"(?: (?:to (?:know|say|add)|about (?:it|that|this)))?",
    re.IGNORECASE,
)  # fmt: skip
_ELSE_LEAD = {"any": {"thing": "what", "one": "who", "body": "who", "where": "where"}}
_REPEATED = re.compile(
    r"(?:really|seriously|(?:are )?you sure(?: (?:of|about) (?:that|it|this))?|is (?:that|it|this)"
    r"(?: still| really)? ?(?:true|so|right|correct|valid|current|certain|the case|up to date)?"
    r"|(?:is|was) (?:that|it) so|still|how do you know(?: (?:that|this))?"
    r"|(?:where|who|what) (?:does|did) (?:it|that) (?:say|come from)(?: (?:that|so))?"
    r"|where (?:did|do) you (?:find|read|see|get|have) (?:that|this|it)(?: from)?"
    r"|(?:what(?:'s| is) )?(?:the|your) source|says who|according to whom)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:(?:please )?(?:tell|show|give) me |say |any |i want )?(?:some |a bit )?"
    r"(?:more|(?:more |further |the |any )?details?|anything more|everything)"
    r"(?: (?:about|on|of) (?:it|that|this|them|him|her|these|those))?(?: please)?"
    r"|go on|continue|elaborate|in (?:more )?detail|what more"
    r"|(?:can|could) you (?:elaborate|explain|say more|go on)(?: (?:on|about) (?:that|it|this))?"
    r"|explain(?: (?:that|it|this))?|tell me about (?:it|that|this|them)",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"(?:only|just|but only) (?:(?:those|these|the ones?|what|ones?|things?|notes?|anything) )?"
    r"(?P<rest>(?:in|from|since|before|after|during|until|with|by|for|on|about|between) .+)", re.I
)  # fmt: skip
_SHORT_YES = re.compile(
    rf"(?P<aux>{'|'.join(sorted(AUXILIARIES, key=len, reverse=True))})"
    r" (?P<who>[^\W\d_][\w.'-]*(?: (?!ever|too|also|still)[A-Z][\w'-]+)?)"
    r"(?: too| also| as well| ever| still| either| again)?",
    re.IGNORECASE,
)  # fmt: skip
_PERSON = {"he": "he", "she": "she", "they": "they"}
_BE = ("is", "are", "am", "was", "were")
_COSTS = ("cost", "be", "weigh", "measure", "last")


def again(text: str, earlier: Earlier) -> str:
    for rule in (_why_not, _else, _repeated, _more, _only, _reason, _bare, _short_yes):
        if said := rule(text, earlier):
            return said
    return ""


def with_lead(lead: str, earlier: Earlier) -> str:
    """`when` and "what did we decide for the garden" → "when did we decide for the garden"."""
    clause = earlier.clause
    if not clause.is_question:
        return f"{lead} was {clause.text}" if lead in _ADVERBIAL else f"{lead} about {clause.text}"
    if lead in ("who", "whom"):
        lead = _for_somebody(clause)
    if not clause.aux:
        return _of_subject(lead, earlier)
    if clause.lead.endswith(("who", "whom")) and clause.aux in _BE and lead == "when":
        return f"when {clause.aux} {clause.rest}"
    if clause.is_counted and measured(clause):
        return f"{lead} was {_thing(clause)}"
    return f"{lead} {clause.aux} {_joined(clause)}"


def measured(clause: Clause) -> bool:
    """Does it ask how much something costs, or how old it is, rather than what was done?"""
    return base(clause.verb) in _COSTS or (clause.aux in _BE and not clause.verb)


def _thing(clause: Clause) -> str:
    return topic_text(clause) or clause.subject or clause.rest


def _for_somebody(clause: Clause) -> str:
    return "by whom" if clause.aux in _BE and clause.verb else "with whom"


def _joined(clause: Clause) -> str:
    """The rest, with what stood beside the asking word: `which plumber`, `what budget`."""
    noun = clause.noun
    if not noun or clause.lead in ("what time", "what day") or noun.split()[0] in ("kind", "sort"):
        return clause.rest
    if clause.lead.startswith(("how", "whose")) and clause.lead not in ("how many", "whose"):
        return clause.rest
    words = clause.rest.split()
    for at in range(len(words) - 1):
        if words[at].casefold() in PREPOSITIONS and words[at + 1].casefold() in PREPOSITIONS:
            return " ".join([*words[: at + 1], f"the {noun}", *words[at + 1 :]])
    for at, word in enumerate(words):
        if at and clause.verb and words[at - 1].casefold() == clause.verb:
            return " ".join([*words[:at], f"the {noun}", *words[at:]]) if word else ""
    return f"{clause.rest} the {noun}"


def _of_subject(lead: str, earlier: Earlier) -> str:
    """Of `who fixed the boiler` and `what happened at the meeting`."""
    clause = earlier.clause
    if base(clause.verb) == "happen":
        after = clause.text[next(t.end for t in clause.tokens if t.is_verb) :]
        return f"{lead} did it happen{after}"
    rest = clause.rest
    if clause.lead.startswith(("which", "how many", "what", "whose")) and clause.lead != "what":
        return f"{lead} was it that {'the ' if clause.lead == 'which' else ''}{rest}"
    who = answered_name(earlier) if clause.lead == "who" else ""
    return f"{lead} was it that {who or ('they' if clause.lead == 'who' else 'this')} {rest}"


def _bare(text: str, earlier: Earlier) -> str:
    match = _BARE.fullmatch(text) or _AND_LEAD.fullmatch(text)
    if not match:
        return ""
    parts = match.groupdict()
    lead = str(parts.get("lead") or parts.get("one")).casefold()
    if lead in ("what", "which") or (lead == "who" and str(parts.get("was")).split()[:1]):
        return ""
    if lead == earlier.clause.lead:
        return earlier.clause.text
    if lead.startswith(("how much", "how many")) and parts.get("was", "").strip():
        return f"{lead} {parts['was'].split()[0]} {_thing(earlier.clause)}" + _cost(parts["was"])
    if lead in ("how long", "how often", "how big", "how old", "how far") and parts["was"].strip():
        return f"{lead} {parts['was'].split()[0]} {_thing(earlier.clause)}"
    said = with_lead(lead, earlier)
    return f"{said} and {parts['two']}" if parts.get("two") else said


def _cost(was: str) -> str:
    return " cost" if was.split()[0] in ("did", "does", "will", "would") else ""


def _why_not(text: str, earlier: Earlier) -> str:
    if not _WHY_NOT.fullmatch(text):
        return ""
    clause = earlier.clause
    if not clause.aux or not clause.subject or "not" in clause.text.casefold().split():
        return with_lead("why", earlier)
    said = with_lead("why", earlier)
    return said.replace(clause.subject, f"{clause.subject} not", 1)


def _reason(text: str, earlier: Earlier) -> str:
    return with_lead("why", earlier) if _REASON.fullmatch(text) else ""


def _else(text: str, earlier: Earlier) -> str:
    match = _ELSE.fullmatch(text)
    if not match:
        return ""
    clause, what = earlier.clause, match["what"].casefold()
    for some in ("any", "some"):
        what = _ELSE_LEAD["any"].get(what.removeprefix(some), what)
    asked = clause.lead.rpartition(" ")[2] if clause.lead else ""
    if asked in ("who", "whom", "what", "where", "when", "which") and (
        asked == what or what in ("what", "which")
    ):
        found = LEAD.match(clause.text)
        at = found.end() if found else 0
        after = at + len(clause.noun) + 1 if clause.noun and clause.text[at:].strip() else at
        head = clause.text[:after].rstrip()
        head = re.sub(r"\bwhich\b", "which other", head) if clause.noun else f"{head} else"
        return f"{head} {clause.text[after:].strip()}"
    if what == "who" and clause.aux and not clause.lead and clause.subject:
        return f"who else {clause.aux} {clause.rest.removeprefix(clause.subject).strip()}"
    if not clause.is_question or not asked:
        return f"{what} else about {topic_text(clause) or clause.text}"
    if what in ("where", "when"):
        return with_lead(what, earlier).replace(what, f"{what} else", 1)
    about = topic_text(clause) or " and ".join(clause.names) or clause.rest
    return f"{what} else about {about}"


def _repeated(text: str, earlier: Earlier) -> str:
    return earlier.clause.text if _REPEATED.fullmatch(text) else ""


def _more(text: str, earlier: Earlier) -> str:
    if not _MORE.fullmatch(text):
        return ""
    clause = earlier.clause
    about = topic_text(clause) or " and ".join(clause.names)
    around = [phrase for phrase in clause.phrases if phrase.text != about and not clause.noun]
    names = [each.text for each in around if each.text in clause.names and each.text not in about]
    with_names = f"{about} and {names[0]}" if about and names else about
    return f"tell me more about {with_names or clause.text}"


def _only(text: str, earlier: Earlier) -> str:
    match = _ONLY.fullmatch(text)
    return f"{earlier.clause.text} {match['rest']}" if match else ""


def _short_yes(text: str, earlier: Earlier) -> str:
    """`did Ben?`, `was she?`, `does Anna too?`: the rest is that of the earlier question."""
    match = _SHORT_YES.fullmatch(text)
    clause = earlier.clause
    if not match or match["who"].casefold() in (*DETERMINERS, "there", "it"):
        return ""
    who = match["who"]
    if who.casefold() in _PERSON:
        who = person(earlier, _PERSON[who.casefold()]) or who
    elif who.casefold() not in PRONOUNS and not names_in(f"x {who}", "en"):
        return ""
    verb_at = next((token.start for token in clause.tokens if token.is_verb), None)
    if verb_at is None:
        tail = clause.rest.removeprefix(clause.subject).strip()
    else:
        tail = clause.text[verb_at:]
        if not clause.aux and match["aux"].casefold() in ("did", "does", "do"):
            tail = base(clause.verb) + tail[len(clause.verb) :]
    return f"{match['aux']} {who} {tail}".strip() if tail else ""
