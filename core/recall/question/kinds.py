"""A question → the language it is asked in, and which kind of answer it wants.

Called by `question.analyze` with text in small letters. English thoroughly, the plain forms in
German, French and Spanish. Every pattern goes over the text once, so time is linear.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

QuestionKind = Literal[
    "fact", "when", "who", "where", "amount", "list", "how", "compare", "absence", "files",
    "changes", "other",
]  # fmt: skip
"""`absence` asks whether there is something at all, `files` for files themselves, `changes` for
what has become different; `other` are mere words, or a request."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MOST_WORDS = 80
"""Of a longer question, as many tell its language."""
_COMMON = {
    "en": "the of is are was were did does do has have had my i you your what when where who which "
    "how why about with this that in to and for on it a an we our am me no he die war",
    "de": "der die das den dem des und ist sind war waren wurde habe hat hatte haben ich wir mein "
    "meine meinen meiner was wann wo wer wie wem welche welcher welches warum mit für von zu im am "
    "auf über nicht kein keine ein eine einen es sie er uns unser unsere gibt",
    "fr": "le la les des du de et est sont était ai as avons ont a je j'ai nous mon ma mes notre "
    "nos que quoi quand où qui quel quelle quels quelles comment combien pourquoi avec pour dans "
    "sur un une en au aux ce cette il elle l'année y est-ce qu'est-ce",
    "es": "el la los las de del y es son era fue he ha hemos han yo mi mis nuestro nuestra qué "
    "cuándo dónde quién cuál cuáles cómo cuánto cuántos cuánta cuántas por con para en un una al "
    "se lo que me no hay",
}  # fmt: skip
_EMPTY = {
    "de": "als auch aus bei bin da dann dass doch du euch hab ihr ihre ihren ihm ihn kann können "
    "man mal mir mich muss müssen nach noch nur oder sein seine soll sollen so um unseren unserem "
    "vom vor werden wird wurden wohin woher wessen wen welchen welchem wieso weshalb zum zur",
    "fr": "à avez ces cet d'un d'une elles êtes fait faut ils leur leurs lui me moi notre ou où "
    "par pas plus sa se ses si sont suis tu vos votre vous",
    "es": "a ante cuánta cuántas donde ella ellos está están este esta esto fue fueron ha ir le "
    "les mi muy nos o os pero por sin sobre son su sus también te tu tus ya",
}
"""Words that carry no meaning, beside those."""
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _language, _text in _COMMON.items():
    for _each in _text.split():
        _LANGUAGES[_each] = (*_LANGUAGES.get(_each, ()), _language)

_FILES = r"(?:files?|documents?|pdfs?|spreadsheets?|workbooks?|folders?|notes|e?-?mails)\b"
_MINE = r"(?: all)?(?: of)?(?: the| my| our| any)?(?: \w+)? "
_OF_THINGS: dict[str, tuple[tuple[QuestionKind, re.Pattern[str]], ...]] = {
    "en": (
        ("changes", re.compile(
            r"\b(?:what|which|anything)(?: \w+){0,3}? (?:was |were |have i |did i |been )?"
            r"(?:changed?|edited|added|deleted|removed|modified|updated)(?= (?:in|on|since|from|to"
            r"|here|today|yesterday|this|last|lately|recently|there)\b|\W*$)"
            r"|\bwhat(?:'s| is) new(?= (?:in|on|since|from|here|today|this)\b|\W*$)"
            r"|\b(?:what|any|the|show|list)(?: \w+){0,2}? changes (?:in|to|since|on|from)\b")),
        ("files", re.compile(
            rf"\b(?:which|what)(?: of)?(?: my| the| our)?(?: \w+)? {_FILES}"
            rf"|\b(?:list|show|find|open)(?: me)?{_MINE}{_FILES}"
            rf"|\bwhere(?:'s| is| are| did i (?:put|save|keep|store)){_MINE}{_FILES}")),
        ("compare", re.compile(
            r"\bdifferences? (?:between|in)\b|\bcompared? (?:to|with)\b|\bcomparison\b|\bversus\b"
            r"|\bvs\b|^\W*compare\b|\bhow (?:do|does|did)\b.{1,80}\bdiffer\b"
            r"|\b(?:which|who)(?: \S+){1,5}? or (?:the |my )?\w+\W*$")),
    ),
    "de": (
        ("changes", re.compile(r"\bwas (?:hat|ist|wurde)(?: \S+){0,6}? (?:geändert|neu)\b")),
        ("files", re.compile(
            r"\b(?:welche[nmrs]?|zeig(?:e)?(?: mir)?(?: alle)?) (?:dateien?|dokumente?|pdfs?"
            r"|tabellen?|ordner|notizen|mails?)\b"
            r"|\bwo (?:ist|sind|liegt|liegen) (?:\w+ )?(?:dateien?|pdfs?)\b")),
        ("compare", re.compile(r"\bunterschiede?\b|\bvergleich(?:e|en)?\b|\bim vergleich\b")),
    ),
    "fr": (
        ("changes", re.compile(r"\bqu'est-ce qui a changé\b|\bquoi de neuf\b")),
        ("files", re.compile(r"\b(?:quels?|montre(?:-moi)?(?: les)?) (?:fichiers?|documents?)\b")),
        ("compare", re.compile(r"\bdifférences? entre\b|\bcompare[rz]?\b|\bcomparaison\b")),
    ),
    "es": (
        ("changes", re.compile(r"\bqué (?:ha cambiado|cambió|hay de nuevo)\b")),
        ("files", re.compile(r"\bqué (?:archivos?|ficheros?|documentos?)\b")),
        ("compare", re.compile(r"\bdiferencias? entre\b|\bcompar(?:a|ar|ado|ación)\b")),
    ),
}  # fmt: skip
"""What a question is about outweighs the word that it begins with."""

_ASKING = {
    "en": re.compile(
        r"\b(?:(?P<amount>how (?:much|many|long(?! ago)|old|far|big|often|tall|large|high|heavy"
        r"|fast))"
        r"|(?P<when>when|how long ago|what (?:day|date|time|year|month)|which (?:day|date|month"
        r"|year))"
        r"|(?P<who>who|whom|whose|which person)"
        r"|(?P<where>where|which (?:place|city|address|folder))"
        r"|(?P<fact>what|which|why|how come)|(?P<how>how))\b"),
    "de": re.compile(
        r"\b(?:(?P<amount>wie ?(?:viele?|lange|oft|alt|weit|groß|gross|hoch|teuer))"
        r"|(?P<when>wann|um wie ?viel uhr|an welchem tag)|(?P<who>wer|wem|wen|wessen)"
        r"|(?P<where>wo|wohin|woher)|(?P<fact>was|welche[rsmn]?|warum|wieso|weshalb)"
        r"|(?P<how>wie))\b"),
    "fr": re.compile(
        r"\b(?:(?P<amount>combien|quel âge)|(?P<when>quand|quel jour|quelle date|quelle année)"
        r"|(?P<fact>qu'est-ce|quoi|quels?|quelles?|pourquoi|qu'a|que)|(?P<who>qui)|(?P<where>où)"
        r"|(?P<how>comment))\b"),
    "es": re.compile(
        r"\b(?:(?P<amount>cuánt[oa]s?)|(?P<when>cuándo|qué (?:día|fecha|año))|(?P<who>quién(?:es)?)"
        r"|(?P<where>a?dónde)|(?P<fact>qué|cuál(?:es)?)|(?P<how>cómo))\b"),
}  # fmt: skip
_RELATIVE = frozenset(("when", "who", "whom", "whose", "where", "que", "qui", "où", "quand"))
_LEADS = frozenset(
    """and but or so to with from by for of at in on about since until me know remember exactly sure
    et mais depuis avec de par pour sur""".split()
)
"""Such a word after one of these asks; after any other word it is about that."""
_TOLD = re.compile(r"when (?:i|we|you|he|she|they|it|my|our)\b")
_NUMBERS = re.compile(
    r"\b(?:budget|costs?|price|fee|kostet|kostete|preis|coûte|prix|cuesta|costó|precio)\b"
)
_LIST = re.compile(
    r"^\W*(?:(?:please |can you |could you )?(?:list|name|enumerate)\b|(?:give|show|tell) me all\b)"
    r"|\b(?:what|which)(?: all)? (?:are|were)\b|\b(?:what|which) (?:kinds?|types?|sorts?) of\b"
    r"|\b(?:what|which)(?: \w+){0,2}? (?!\w*(?:ss|us|is|'s|does|has|was)\b)\w{2,}s"
    r" (?:did|do|does|has|have|had|are|were|can|could|will|would|should)\b"
    r"|^\W*(?:liste|nenne|welche \w+en|énumère|quels|quelles|cuáles|enumera)\b"
)
_ABSENCE = re.compile(
    r"\b(?:is|are|was|were) there (?:any|no|anything|something|anyone|anybody|a|an)\b"
    r"|\b(?:have|has|had|did|do|does)(?: \w+){1,3}? (?:ever|never)\b|\bnever\b|\bmissing\b"
    r"|\b(?:do|did|have) (?:i|we) (?:have )?any(?:thing|one|body)?\b"
    r"|\bgibt es (?:\w+ )?(?:ein|kein)"
    r"|\b(?:jemals|niemals)\b|\by a-t-il\b|\bjamais\b|\bhay alg\w+|\balguna vez\b|\bnunca\b"
)
_YES_NO = re.compile(
    r"^\W*(?:is|are|am|was|were|do|does|did|has|have|had|can|could|will|would|should|whether|ist|sind"
    r"|war|hat|habe|haben|gibt|est-ce|a-t-il|est|es|son|ha|hay)\b"
)


def language_of(text: str) -> str:
    """By its small words: `en`, `de`, `fr` or `es`, or "" where they don't tell."""
    counts = dict.fromkeys(_COMMON, 0)
    for number, match in enumerate(_WORD.finditer(text)):
        if number == _MOST_WORDS:
            break
        for language in _LANGUAGES.get(match[0].replace("’", "'"), ()):
            counts[language] += 1
    first, second = sorted(counts, key=lambda each: -counts[each])[:2]
    return first if counts[first] > counts[second] else ""


@cache
def small_words(language: str) -> frozenset[str]:
    """Of another language than English, those that carry no meaning."""
    if language not in _EMPTY:
        return frozenset()
    return frozenset(f"{_COMMON[language]} {_EMPTY[language]}".split())


def kind_of(text: str, language: str) -> QuestionKind:
    language = language or "en"
    for name, pattern in _OF_THINGS[language]:
        if pattern.search(text):
            return name
    kind = _asked(text, _ASKING[language])
    if kind not in ("", "fact", "how"):
        return kind or "other"
    if kind != "how" and _NUMBERS.search(text):
        return "amount"
    if _ABSENCE.search(text):
        return "absence"
    if kind != "how" and _LIST.search(text):
        return "list"
    is_asked = _YES_NO.search(text) or ("?" in text and _WORD.search(text))
    return kind or ("fact" if is_asked else "other")


def _asked(text: str, pattern: re.Pattern[str]) -> QuestionKind | Literal[""]:
    """By the first word that asks; one that tells of something else only if there is no other."""
    weak: QuestionKind | Literal[""] = ""
    for match in pattern.finditer(text):
        kind: QuestionKind = match.lastgroup  # type: ignore[assignment]
        if match[0] not in _RELATIVE or not _is_told(text, match.start()):
            return kind
        weak = weak or kind
    return weak


def _is_told(text: str, start: int) -> bool:
    """`the day when we moved`, `when I was young, …`: no question in itself."""
    before = text[max(0, start - 30) : start].rstrip(" \"“„«'¿(")
    former = re.search(r"[\w']+\Z", before)
    if former and former[0] not in _LEADS:
        return True
    return not before and _TOLD.match(text, start) is not None
