"""Utterances → open questions: what is marked as undecided or to do, and what nobody answered.

Called by `rules.propose`. Only what names something to be found out or done; never small talk,
rhetoric, or what is asked of a program, which always answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.clauses import Clause, clauses
from cairn.core.tree.curate.rules.documents import container, own_words
from cairn.core.tree.curate.rules.naming import topic_of
from cairn.core.tree.curate.rules.telling import plain, sentence, source, titled, told
from cairn.core.tree.curate.rules.todos import boxes_in

_MARKED = re.compile(
    r"(?:\W{0,3})(?:to-?do|tbd|tbc|fixme|open (?:question|issue|point)s?|still open|unresolved|"
    r"open|question|"
    r"offene (?:frage|punkte?)|(?:noch )?offen|noch zu klären|zu klären|question ouverte|à "
    r"décider|"
    r"pregunta abierta|pendiente)"
    r"(?:\s*\([^)\n]{1,40}\))?\s*(?::|–|—|-)\s+(?P<what>\S.*)",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(
    r"(?:\b(?:we|I|they)(?:['’]ll)?\s+(?:still|also still)\s+(?:need|have|must)\s+to\s+(?:decide|"
    r"figure out|find out|clarify|agree|choose|"
    r"settle|sort out|work out|check|confirm|determine|pick)|"
    r"\b(?:we|I)\s+(?:still\s+)?(?:haven['’]t|have not)\s+(?:yet\s+)?(?:decided|figured out|"
    r"agreed|"
    r"settled|chosen|found out|heard back)|"
    r"\b(?:is|are|remains?)\s+(?:still\s+)?(?:to be (?:decided|confirmed|determined|clarified|"
    r"agreed)|undecided|unresolved|tbd|tbc|an open question)|"
    r"\b(?:is|are) (?:not yet|not|still not) (?:decided|settled|agreed)(?: yet)?(?=\W*$)|"
    r"\bstill (?:unclear|undecided|unresolved|open|to be decided|to be confirmed|not (?:decided|"
    r"clear|settled|known))\b|"
    r"\b(?:it['’]s|it is|is|remains) (?:still )?(?:unclear|not (?:yet )?(?:clear|decided|settled|"
    r"known)) (?:who|what|when|where|whether|which|how|if|why)\b|"
    r"\b(?:we|I) (?:still )?(?:need|have) to (?:find out|figure out|clarify|decide|check|"
    r"ask [^\W\d_]+)(?: on)? "
    r"(?:who|what|when|where|which|how|whether|if|why)\b|\bstill no idea (?:who|what|when|where|"
    r"which|how|whether|if)\b|"
    r"^(?:not|nothing) (?:yet )?decided(?: yet)?\b|\bwe should (?:still )?(?:decide|agree) (?:on|"
    r"whether|who|when|where|which)\b|"
    r"\bwir müssen (?:noch|uns noch) .{2,100}(?:entscheiden|klären|herausfinden)|"
    r"\b(?:ist|bleibt) noch (?:offen|unklar|ungeklärt)|"
    r"\b(?:il faut|on doit) encore (?:décider|choisir|clarifier)|\b(?:todavía|aún) (?:tenemos|"
    r"hay) que (?:decidir|aclarar))",
    re.IGNORECASE,
)
_WH = r"(?:who|whom|whose|what|when|where|which|whether|how|why|if)"
_IGNORANT = re.compile(
    r"(?:(?:^|\b)(?:we|they|nobody|no one|none of us) (?:still |also )?(?:(?:don['’]t|do not|"
    r"doesn['’]t|"
    r"does not) (?:yet |even )?)?knows?(?: yet)?|\bI (?:still don['’]t|don['’]t yet|do not yet) "
    r"know|"
    r"^(?:still )?no idea(?: yet)?|\b(?:unclear|not clear)(?: to (?:\w+ ?){1,4})?|"
    r"\b(?:I|we|someone|somebody|one of us) (?:still )?(?:need to|have to|must|should|has to|"
    r"ought to)"
    r" (?:find out|figure out|clarify|ask around|look into|work out)|^(?:must|need to|have to|to) "
    r"(?:find out|figure out|clarify|ask(?: around| [A-Z]\w+)?|check with [A-Z]\w+)|"
    r"\b(?:nobody|no one|no-one) (?:could|can|was able to) (?:tell (?:me|us)|say|answer|explain)|"
    r"\bleft (?:it )?open|\bopen (?:point|question|issue)s?(?: still)? (?:is|are|remains?)|"
    r"\b(?:haven['’]t|don['’]t have|have not) (?:got )?(?:an|any) answer (?:to|on) (?:the "
    r"question )?(?:is )?|"
    r"\bto be (?:clarified|decided|found out|determined))[\s:,–-]+"
    rf"{_WH}\b|\b(?:wissen|weiß) (?:wir |ich |keiner |niemand )?(?:immer )?noch nicht, "
    r"(?:wer|wann|wo|wie|was|ob|welche\w?|warum)\b|"
    r"\b(?:konnte|kann) (?:mir |uns )?(?:keiner|niemand) sagen, (?:wer|wann|wo|wie|was|ob|"
    r"welche\w?|"
    r"warum)\b",
    re.IGNORECASE,
)
"""What nobody knows yet, with the question itself behind it."""
_UNANSWERED = re.compile(
    rf"\basked (?:again |around |\w+ ){{0,2}}{_WH}\b.{{5,160}}\b(?:nobody|no one|no answer|no "
    rf"reply|"
    r"(?:hasn['’]t|haven['’]t|didn['’]t) (?:answered?|replied|reply))\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:open (?:questions?|issues?|points?)|questions?|still open|unresolved|to (?:decide|"
    r"clarify)|offene (?:fragen|punkte)|"
    r"questions ouvertes|preguntas abiertas)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:who|what|when|where|which|how (?:much|many|long|often|do we|should we|will we|are we)|"
    r"do we|are we|should we|shall we|did (?:we|anyone|someone|you)|"
    r"has (?:anyone|someone)|does (?:anyone|the|our)|is (?:the|our|anyone|there)|will (?:the|we|"
    r"you|they)|can (?:we|someone|anyone)|could (?:someone|anyone)|"
    r"wer|wann|wo|welche\w*|wie viel\w*|müssen wir|sollen wir|qui|quand|où|combien|quién|cuándo|"
    r"dónde|cuánto)\b",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"\b(?:how are|how is it going|how['’]s|how was|how were|how did|what['’]s up|whats up|"
    r"what about you|what are you (?:up|doing)|how do you (?:feel|like)|"
    r"do you (?:like|think|know|want|have any|feel|enjoy|remember)|what do you (?:think|like|do)|"
    r"have you (?:ever|been|seen|tried)|any (?:plans|tips|advice|recommendations|news)|"
    r"right\?|isn['’]t it|aren['’]t you|don['’]t you|you know what|guess what|can you believe|"
    r"who knows|who cares|why not|what if|"
    r"favou?rite|lol|haha|what kind of|inspire\w*|where are you|what time is it|what else|wanna|"
    r"want to (?:go|come|join|hang|grab)|"
    r"would you|are you (?:ok|okay|free|there|ready|coming|excited|still|going)|is (?:that|this|"
    r"it) (?:ok|okay|true|right))",
    re.IGNORECASE,
)
_PRACTICAL = re.compile(
    r"\b(?:we|our|us|anyone|someone|wir|uns|unser\w*|nous|notre|nosotros|nuestr\w+|"
    r"(?:the|der|die|das|le|la|el) (?:\w+ ){0,2}(?:keys?|invoices?|rent|deposit|contract|lease|"
    r"deadline|meeting|appointment|"
    r"booking|reservation|tickets?|payment|budget|schlüssel|rechnung|miete|kaution|vertrag|frist|"
    r"termin|"
    r"clés?|facture|loyer|contrat|rendez-vous|llaves?|factura|alquiler|contrato|cita))\b",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"(?:(?:hm+|oh|ok|good question|great question)[,!. ]+)?(?:no idea|not sure(?: yet)?|"
    r"i don['’]t know|i do not know|dunno|idk|no clue|"
    r"good question|i['’]ll (?:check|find out|ask|look)|let me (?:check|ask|find out|look)|"
    r"i(?:['’]ll| will| have to| need to| must) (?:ask|check|find out|look)|keine ahnung|"
    r"weiß (?:ich )?nicht|je ne sais pas|no (?:lo )?sé)\b",
    re.IGNORECASE,
)
_DONE = re.compile(r"\b(?:done|solved|resolved|fixed|answered|erledigt|✓|✅)\b|~~", re.IGNORECASE)
_COMMON = frozenset("when what where which have does should will need that this with from".split())
_VAGUE = frozenset(
    "it this that them something stuff things more later here there etc what how why check".split()
)
_LEAST_WORDS = 3
_LEAST_ASKED = 5
_MOST = 300
_WORD = re.compile(r"[^\W_]+")


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    found: list[Proposal] = []
    for _, group in groupby(own_words(utterances), key=lambda each: container(each.uri)):
        turns = list(group)
        found += [each for turn in turns for each in _marked(turn)]
        if turns[0].kind == "chat" and not _has_program(utterances, turns[0]):
            found += _unanswered(turns)
    return found


def _has_program(utterances: Sequence[Utterance], turn: Utterance) -> bool:
    here = container(turn.uri)
    return any(
        each.origin in ("assistant", "tool") and container(each.uri) == here for each in utterances
    )


def _marked(turn: Utterance) -> list[Proposal]:
    """What a line or sentence itself calls open."""
    found = []
    is_document = turn.kind != "chat"
    boxes = boxes_in(turn)
    under = bool(is_document and turn.heading and _HEADING.fullmatch(turn.heading[-1].strip(" :")))
    for clause in clauses(turn):
        text = plain(clause.text)
        if _DONE.search(text) or len(text) > _MOST or clause.mark in ("code", "quote"):
            continue
        if any(clause.text in box[0] for box in boxes):
            continue
        what = _open(text, clause, is_under_heading=under)
        if what and _is_telling(what):
            found.append(_proposal(what, clause.text, turn, 0.7 if what != text or under else 0.6))
    return found


def _open(text: str, clause: Clause, *, is_under_heading: bool) -> str:
    label = _MARKED.match(text)
    if label and (
        clause.utterance.kind != "chat"
        or text[: label.start("what")].isupper()
        or ":" in text[: label.start("what")]
    ):
        return label["what"].strip()
    if is_under_heading and (clause.mark == "question" or clause.ordinal == 0):
        return text
    if clause.mark == "question":
        return ""
    is_open = any(form.search(text) for form in (_UNDECIDED, _IGNORANT, _UNANSWERED))
    return text if is_open and not re.match(r"(?:if|when|once)\b", text, re.I) else ""


def _is_telling(text: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(text)]
    return len(words) >= _LEAST_WORDS and not all(word in _VAGUE for word in words[1:])


def _unanswered(turns: Sequence[Utterance]) -> list[Proposal]:
    """Questions at the end of a conversation, and those that somebody else had no answer to."""
    found = []
    for at, turn in enumerate(turns):
        answer = next((each for each in turns[at + 1 :][:4] if each.who != turn.who), None)
        if answer is not None and not _NO_ANSWER.match(answer.text.strip()):
            continue
        if answer is not None and _is_answered_later(turns[at + 2 : at + 8], turn, answer):
            continue
        for clause in clauses(turn):
            text = plain(clause.text)
            if clause.mark == "question" and _is_worth_asking(text):
                found.append(_proposal(text, clause.text, turn, 0.55 if answer else 0.45))
    return found


def _is_answered_later(later: Sequence[Utterance], turn: Utterance, answer: Utterance) -> bool:
    """Somebody who said that they would find out comes back to it with the question's own "
    "words."""
    asked = {word for word in _WORD.findall(turn.text.casefold()) if len(word) > 3} - _COMMON
    return any(
        each is not answer
        and "?" not in each.text
        and len(asked & set(_WORD.findall(each.text.casefold()))) >= 2
        for each in later
    )


def _is_worth_asking(text: str) -> bool:
    if _SMALL_TALK.search(text) or not text.endswith("?") or len(text) > _MOST:
        return False
    is_practical = _PRACTICAL.search(text) is not None
    return len(text.split()) >= _LEAST_ASKED and is_practical and bool(_ASKS.match(text))


def _proposal(what: str, quote: str, turn: Utterance, certainty: float) -> Proposal:
    what = plain(what)
    what = what[:1].upper() + what[1:]
    is_asked = what.endswith("?")
    if not is_asked:
        body = told(what, turn, is_ahead=True)
    elif turn.kind == "chat" and turn.who:
        body = f"{turn.who} asked: {what}"
    else:
        body = sentence(what)
    return Proposal(
        kind="question",
        title=titled(what) + ("?" if is_asked and len(what) < 69 else ""),
        body=body,
        sources=(source(turn, quote),),
        origin=turn.origin,
        subject=topic_of(turn),
        valid_from=turn.when[:10],
        mentions=tuple(filter(None, (turn.who,))),
        certainty=certainty,
    )
