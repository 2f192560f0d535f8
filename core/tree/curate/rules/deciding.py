"""A clause → what it says was decided, agreed or chosen; nothing for most.

Called by `decisions`, and by `attributes` to leave those alone. What is only considered, asked or
wished, and the small choices of a day ("we decided to take a walk"), is no decision. Linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cairn.core.tree.curate.rules.clauses import Clause
from cairn.core.tree.curate.rules.documents import is_conversation
from cairn.core.tree.curate.rules.hearsay import is_hearsay, is_nobodys
from cairn.core.tree.curate.rules.telling import dates_in, is_quoted, plain, said_on

if TYPE_CHECKING:
    from cairn.core.times.phrases import When

_WORD = re.compile(r"[^\W_]+")
_LEAST_WORDS = 2
MOST = 320
_WE = (
    r"(?:(?:and|so|that|then|but|ok|okay)\s+)?(?:we|they|I|you and I|"
    r"(?-i:[A-ZÀ-Þ][\w-]+(?: [A-ZÀ-Þ][\w-]+)?(?: (?:and|&) "
    r"(?:I|me|[A-ZÀ-Þ][\w-]+))?)|[Tt]he (?:team|board|group|committee|family|council|landlords?|"
    r"owners?|parents|class|club|members)|everyone|everybody|all of us)"
)
_ADVERB = r"(?:(?:all|both|finally|just|now|also|already|then|together|have|had|jointly)\s+){0,3}"
_DECIDED = re.compile(
    rf"(?<![\w'’])(?P<who>{_WE})(?P<perfect>['’]ve|['’]re|['’]m|\s+are|\s+am|\s+have|"
    rf"\s+has)?\s+{_ADVERB}(?:"
    r"(?P<agreed>agreed|settled|on board(?: now)?:|in agreement)\s+(?P<on>on|upon|that|to|for|"
    r"not to|with (?:each other|\w+) (?:on|"
    r"that|to))\s+"
    r"|(?P<decided>decided|resolved|voted|opted|chose|chosen)\s+(?P<to>to|on|that|for|not to|"
    r"against|"
    r"in favou?r of|in the end to|together to|unanimously to)\s+"
    r"|(?P<chose>chose|picked(?! up)|selected|went with|are going with|(?:will|['’]ll|"
    r"are going to) (?:use|hire|keep|switch to|stick with)|going with|will go with|"
    r"['’]ll go with|"
    r"are switching to|switched(?: over)?(?: from [^,.]{1,30}?)? to|"
    r"moved(?: over)? from [^,.]{1,30}? to|"
    r"settled for|landed on|came down on|plumped for|called off|cancelled|canceled|dropped the "
    r"idea of|ruled out|signed off on|"
    r"approved)\s+)"
    r"(?P<what>\S.*)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:it (?:was|is|has been)|it['’]s)\s+(?:now\s+|finally\s+)?(?:decided|agreed|settled)\s+"
    r"(?P<to>that|to|on)\s+(?P<what>\S.*)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?:(?:(?:[A-ZÀ-Þ]\w+ and )?(?:we |I ))?(?:talked|discussed|thought) "
    r"(?:it |this |that |about it )?(?:over|through|long)\b"
    r"[^.;:]{0,50}?(?:[,;:] | and )(?:and )?(?:so )?(?:we|we['’]re going to|we will|we['’]ll)"
    r"|we(?:['’]ve| have)? voted(?:,| and)(?: and)? (?:it['’]s|it is|the winner is|chose|picked)"
    r"|(?:we|[A-ZÀ-Þ]\w+ and I)(?: are|['’]re) (?:both |all )?(?:agreed|in agreement|on board|"
    r"of one mind)"
    r"(?: now)?(?::| that|,)(?: and)?(?: we| it['’]s)?"
    r"|[^:]{2,40}: (?:we )?(?:agreed|decided|settled) (?:on|to|for|that)"
    r"|from now on,? (?:we|the rule)|[A-ZÀ-Þ]\w+ (?:had|has) the (?:casting|last|final) (?:vote|"
    r"word) "
    r"and (?:picked|chose|decided on|went for))\s+(?P<what>\S.*)",
    re.IGNORECASE,
)
"""Agreement that is told in two steps: "we talked it over and we'll …"."""
_CARRIED = re.compile(
    r".{8,200}\((?:carried|unanimous(?:ly)?|agreed|approved|passed|einstimmig|"
    r"angenommen)\b[^)]*\)\W*$|"
    r".{8,200}[,;] (?:unanimous(?:ly)?|einstimmig|agreed with [A-ZÀ-Þ]\w+|das ist abgemacht|"
    r"that['’]s (?:agreed|settled|decided)|c['’]est décidé|está decidido)\W*$",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\b(?:wir sind uns (?:jetzt |alle )?einig|sind uns (?:jetzt |alle )?einig[,:] |"
    r"(?:wir haben|haben wir) "
    r"(?:uns |jetzt |gestern |heute |nun |gemeinsam )*(?:(?:beschlossen|entschieden|"
    r"vereinbart|abgemacht)\b|"
    r"(?:auf|für|gegen) .{2,120}? (?:geeinigt|entschieden))|es wurde beschlossen|"
    r"(?:nous avons|on a) (?:finalement )?(?:décidé|convenu) (?:de|que|d['’])|"
    r"(?:nous nous sommes|on s['’]est) mis d['’]accord (?:sur|pour)|"
    r"(?:hemos|habíamos) (?:decidido|acordado|quedado en)|(?:decidimos|acordamos|"
    r"quedamos en) (?:que|en|el|la|hacer)?)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:final |our |the |it['’]s |it is )?(?:decision|decided|agreed|agreement|resolution|"
    r"vote|"
    r"verdict|outcome|answer)(?: (?:on|from|about|for|of|regarding) [^:.!?]{2,40})?|"
    r"(?:change of plans?|new plan|neuer plan|planänderung|nouveau plan|nuevo plan)|"
    r"(?:it['’]s|that['’]s|it is|that is|all)(?: now| finally)? (?:settled|decided|agreed|"
    r"official)"
    r"(?: then)?|from now on|ab (?:jetzt|sofort)|"
    r"beschluss|"
    r"beschlossen|"
    r"entscheidung|vereinbart|décision|décidé|decisión|decidido|acordado|"
    r"acuerdo)\s*(?:[:–—]|\s-|,)\s+(?P<what>\S.*)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:\d+[.)]?\s*)?(?:key |our |final |main )?decisions?(?: made| taken| log|s)?|"
    r"what we (?:decided|agreed)(?: on)?|"
    r"agreed|agreements|beschl(?:uss|üsse)|entscheidung(?:en)?|décisions?|decisi(?:ón|ones)|"
    r"acuerdos",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:if|once|until|unless|before|whether|not|never|could|would|should|might|(?-i:may)|"
    r"need to|"
    r"want to|have to|try to|trying to|hard to|yet|almost|nearly|what|why|how|when|wish|pretend|"
    r"suppose|imagine)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_MADE = re.compile(
    r"\b(?:(?:not|never)\s(?:(?:yet|been|really|even|fully|finally)\s){0,2}(?:decided|agreed|settled|"
    r"certain|final|official|fixed|confirmed|sure|clear|true)|(?:has|have|is|are|was|were)n['’]t\s"
    r"(?:(?:yet|been|really|even|fully|finally)\s){0,2}(?:decided|agreed|settled|certain|final|"
    r"official|fixed|confirmed|sure|clear|true)|undecided|unclear|unsettled|still open|"
    r"(?:is|are|remains?|stays?|left)\s(?:an?\s)?open(?:\squestion)?(?=\W*$)|"
    r"(?:yet )?to be (?:decided|agreed|settled|confirmed)|tbd|tbc|only an idea|"
    r"noch (?:nicht (?:entschieden|klar|sicher|beschlossen)|offen)|pas encore décidé|"
    r"(?:todavía|aún) no (?:está|se ha) decidido)\b",
    re.IGNORECASE,
)
"""Said of the whole: what was told as a decision is none."""
_ASKED = re.compile(
    r"(?:whether|if|ob)\s|(?:it|this|that)?\s?(?:['’]s|is|remains) (?:still |yet )?(?:open|"
    r"unclear|undecided|unknown|not (?:yet )?(?:clear|decided|known|sure|certain|agreed))\b|"
    r"(?:the )?(?:open )?question (?:is|remains)\b|(?:nobody|no one) knows\b",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"[,;]?\s(?:but|though|although|only|while|aber|mais|pero)\s|[,;]\s", re.IGNORECASE
)
"""What stands behind it is said of something else, unless nothing is told there but that."""
_SMALL = re.compile(
    r"(?:go|take|have|watch|eat|grab|stay|walk|head|sleep|drive|wait|leave|come|play|give|try|"
    r"freshen|order|cook|bake|camp|sit|skip|get (?:up|some|a)|check out|explore|spend|hang|relax|"
    r"make (?:some|my|our|a)|start (?:a new|watching|reading|running)|stop (?:at|by|for)|visit|"
    r"see|"
    r"do something|treat|"
    r"continue|rest|challenge|call it|just|meet up|be )\b",
    re.IGNORECASE,
)
NOTHING = frozenset(
    "it this that these those them one approach option plan idea way steps step the a an of do so "
    "with on for to same first second last other something anything both all be go make use try "
    "disagree differ and or suggestion suggestions version design thing things then now please "
    "here there help me you us be my your just next".split()
)
_MAY_BE = re.compile(
    r"\b(?:decided|agreed|resolved|voted|settled|opted|beschlossen|entschieden|vereinbart|"
    r"geeinigt|décidé|convenu|decidido|acordado|decidimos|acordamos)\b",
    re.IGNORECASE,
)
_BEFORE_DAY = re.compile(
    r"\b(?:decided|agreed|resolved|voted|settled|opted|haben(?: uns)?|avons|hemos)$", re.IGNORECASE
)
_AFTER_DAY = re.compile(
    r",?\s+(?:to|that|not to|against|unanimously|beschlossen|entschieden|vereinbart|geeinigt|"
    r"décidé|convenu|decidido|acordado)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\d\s?(?:€|\$|£|euros?\b|dollars?\b|pounds?\b|(?-i:[A-Z]{3})\b)|[€$£]\s?\d", re.I
)
_CUT = re.compile(
    r"\s+[-–—]\s|,\s+(?:kinda|you know|like)\b|,?\s+(?:but|and (?:it|now|they|then i|that)|"
    r"['’]cause|cuz|coz|so (?:i|we|can|that)|and (?:i['’]?m|i (?:want|need|was|am)|can|could|"
    r"now i|"
    r"we still|i['’]d)|which|can you|could you|"
    r"what|how (?:can|do|should)|i['’]m|i want|i need|because|since|even though|although|"
    r"is (?:that|this)|"
    r"do you)\b|\s*[;?!]|,\s+(?:what|how|can|could|i|is|do|any)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision's words in a clause."""

    claim: str
    """From who decided on."""
    what: str
    """What was decided, without who and the verb."""
    certainty: float
    name: str = ""
    """What to call it, where that is not what was decided."""
    is_thing: bool = False
    """A thing was chosen; otherwise something is to be done."""
    on: str = ""
    """The day on which it was decided, where the clause itself says so."""


def decided_in(clause: Clause) -> Decided | None:
    """What a clause says was decided; None for most."""
    if clause.mark not in ("", "greeting") or len(clause.text) > 2 * MOST:
        return None
    text, day = _without_day(plain(clause.text), clause)
    decided = _decided(text, clause, day)
    if decided is None or day is None:
        return decided
    return replace(decided, on=day.first.isoformat())


def _without_day(text: str, clause: Clause) -> tuple[str, When | None]:
    """The clause without the day on which it was decided, and that day: "we agreed on 3 March to"
    is no choice of a day."""
    if not _MAY_BE.search(text):
        return text, None
    for when in dates_in(text, said_on(clause.utterance)):
        before, after = text[: when.start].rstrip(" ,"), text[when.end :]
        rest = after.lstrip(" ,")
        if when.grain not in ("day", "moment") or when.bound or when.repeats:
            continue
        if not before and _FOREIGN.match(rest):
            return text, when
        if not before and _DECIDED.match(rest):
            return rest, when
        if _BEFORE_DAY.search(before) and _AFTER_DAY.match(after):
            return f"{before} {rest}", when
    return text, None


def _decided(text: str, clause: Clause, day: When | None) -> Decided | None:
    if is_quoted(text, 0) or _is_not_made(text) or is_nobodys(text):
        return None
    label = _LABEL.match(text)
    if label:
        return kept(label["what"], label["what"], 0.85)
    if _is_under_heading(clause):
        return kept(text, text, 0.8)
    if _CARRIED.match(text) and not _OPEN.search(text):
        return kept(text, text.partition(" (")[0], 0.75)
    between = _BETWEEN.match(text)
    if between and is_hearsay(text, text.find(":") + 1, "we"):
        return None
    if between and not _OPEN.search(text):
        return kept(text, between["what"], 0.7)
    if foreign := _FOREIGN.search(text):
        if is_hearsay(text, foreign.start(), "we"):
            return None
        return None if _OPEN.search(text[: foreign.start()]) else kept(text, text, 0.7)
    found = _DECIDED.search(text)
    if found is None:
        passive = _PASSIVE.search(text)
        if passive and is_hearsay(text, passive.start(), "we"):
            return None
        return kept(passive[0], passive["what"], 0.75) if passive else None
    if is_hearsay(text, found.start("who"), found["who"]):
        return None
    # Written down with its day, or with what it costs, it is not small.
    has_day = day is not None and any(letter.isdecimal() for letter in day.text)
    is_firm = has_day and not is_conversation(clause.utterance)
    return _active(text, found, is_firm=is_firm or bool(_MONEY.search(found["what"])))


def _is_not_made(text: str) -> bool:
    """Whether it says itself that nothing is decided."""
    open_ = _NOT_MADE.search(text)
    if _ASKED.match(text) or open_ is None:
        return bool(_ASKED.match(text))
    joints = list(_BUT.finditer(text, 0, open_.start() + 1))
    if not joints:
        return True
    return len(_WORD.findall(text[joints[-1].end() : open_.start()])) < _LEAST_WORDS


def _active(text: str, found: re.Match[str], *, is_firm: bool) -> Decided | None:
    if _OPEN.search(text[max(0, found.start() - 60) : found.start("what")].replace("not to", "")):
        return None
    if is_quoted(text, found.start()):
        return None
    who, what = found["who"].casefold(), found["what"]
    alone = who.split()[-1] == "i"
    if found["agreed"] and alone and " " not in who:
        return None
    if found["chose"] and _WILL_USE.match(found["chose"]) and not _IS_CHOICE.search(what):
        return None
    is_small = bool(_SMALL.match(what)) and (found["to"] or found["on"] or "").endswith("to")
    if is_small and not is_firm and not (found["perfect"] and not alone):
        return None
    if found["decided"] and found["decided"].casefold() == "chose" and alone and _SMALL.match(what):
        return None
    if found["chose"] and found["chose"].casefold() == "going with" and not found["perfect"]:
        return None
    if found["chose"] and _WENT_ALONG.match(f"{found['chose']} {what}"):
        return None
    if found["chose"] and alone and found["chose"].casefold() in ("picked", "approved", "selected"):
        return None
    decided = kept(text[found.start("who") :], what, 0.8 if not alone else 0.65)
    if decided is None:
        return None
    how = found["chose"] or found["to"] or found["on"] or ""
    if found["chose"] or how.casefold() in ("on", "for", "upon"):
        decided = replace(decided, is_thing=True)
    if _ENDS_IT.match(how):
        return replace(decided, name=f"{how} {decided.what}")
    return decided


_WILL_USE = re.compile(r"(?:will|['’]ll|are going to)\s", re.IGNORECASE)
_IS_CHOICE = re.compile(r"\binstead of\b|\brather than\b|\bfrom now on\b|\bfor (?:the|our|all)\b")
_ENDS_IT = re.compile(
    r"against|not to|called off|cancel|dropped|ruled out|signed off|approved|switch|moved", re.I
)


_WENT_ALONG = re.compile(
    r"(?:went|going|are going|will go|['’]ll go) with (?:(?i:my|her|him|his|them|us|our|some|a|"
    r"two|"
    r"friends)\b|"
    r"[A-ZÀ-Þ]\w+(?! (?:for|as|over|instead)\b)(?=\s+(?:to|and|on|in|at)\b))",
)


def kept(claim: str, what: str, certainty: float) -> Decided | None:
    what = _cut(what)
    if not _says_something(what):
        return None
    claim = claim[: claim.find(what) + len(what)] if what in claim else claim
    claim = re.sub(r"^(?:and|so|that|then|but|ok|okay)\s+", "", claim, flags=re.IGNORECASE)
    return Decided(claim[:MOST], what[:MOST], certainty)


def _cut(what: str) -> str:
    end = _CUT.search(what, 3)
    return (what[: end.start()] if end else what).strip(" ,;:.!-–—")


def _says_something(what: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(what)]
    if words and words[0] in ("it", "them", "this", "these", "those", "him", "her", "us", "you"):
        return False
    if len(words) > 1 and words[1] in ("it", "them", "this") and words[0] not in ("for", "on"):
        return False
    telling = [word for word in words if word not in NOTHING]
    return (bool(telling) and len(words) >= _LEAST_WORDS) or (
        len(telling) == 1 and words[0].isdigit()
    )


def _is_under_heading(clause: Clause) -> bool:
    utterance = clause.utterance
    if is_conversation(utterance) or not utterance.heading:
        return False
    if not _HEADING.fullmatch(utterance.heading[-1].strip(" :")):
        return False
    return clause.ordinal == 0 and not _OPEN.search(clause.text[:60])
