"""Closed lists of the words that support.py and wording.py treat in a way of their own.

Everything that stands in no list is a content word. English in full; of German, French and Spanish
the first persons, negations and articles, without which every sentence of them would be refused.
"""

from __future__ import annotations

from cairn.core.recall.irregular import VERB

ARTICLES = frozenset("a an the this that these those there here".split())
"""Words that point; a claim may leave them out, and never adds one."""
FILLERS = frozenset(
    """so too also just really very actually already still yes yeah yep yup no nope well oh hey hi
    hello ok okay anyway btw fyi haha lol wow thanks thank please right sure and then plus honestly
    actually finally recently currently now great cool nice sorry guess what ah hmm""".split()
)
"""May be left out of a claim wherever they stand; `no` only before a comma."""
BE = {
    "be": "", "been": "", "being": "", "am": "now", "is": "now", "are": "now", "was": "past",
    "were": "past",
}  # fmt: skip
HAVE = {"have": "now", "has": "now", "had": "past", "having": ""}
DO = {"do": "now", "does": "now", "did": "past"}
PREPOSITIONS = frozenset(
    """in on at to from of by for with without into onto out off over under up down before after
    since until till during between among against about across around behind beside near through
    toward towards via per than as away back upon within""".split()
)
MODALS = {
    "will": "WILL", "shall": "WILL", "would": "WOULD", "could": "COULD",
    "can": "CAN", "might": "MIGHT", "should": "SHOULD", "must": "MUST",
}  # fmt: skip
PROMISES = frozenset(("promise", "decide"))
"""Followed by `to` they may stand for `will`, and for `let's`."""
NEGATIONS = {"not": "NOT", "never": "NEVER", "without": "WITHOUT", "neither": "NEITHER",
             "nor": "NOR", "hardly": "HARDLY", "nobody": "NOBODY", "nothing": "NOTHING",
             "none": "NONE", "nowhere": "NOWHERE", "cannot": "NOT", "unable": "UNABLE"}  # fmt: skip
CONDITIONS = frozenset(
    """if unless except only almost nearly barely maybe perhaps probably possibly supposedly
    allegedly apparently hopefully whether would could might should otherwise else""".split()
)
"""Where one of these stands in a sentence, a claim from it must have it too."""
OPINIONS = frozenset(
    """say tell think believe dream imagine pretend suppose wish hope guess assume claim hear read
    doubt deny lie joke suggest ask wonder forget refuse fail want imply insist argue""".split()
)
"""What follows them is not thereby true."""
LIMITED = frozenset(
    """not never no none nobody nothing nowhere neither nor without hardly unable all always every
    each any anything everything everyone everybody most forget fail refuse avoid stop quit lack
    hate dislike""".split()
)
"""What they say of some time or place isn't true of all: nothing may be cut off after them."""
RETRACTIONS = frozenset("kidding jk joking sarcasm hypothetically lyrics".split())
REPORTING = frozenset(
    "say tell mention ask note report write answer add explain state describe wonder".split()
)
"""A claim may have them where its quote has not: they say that it was said."""
FIRST = frozenset("i me my mine myself we us our ours ourselves".split())
SECOND = frozenset("you your yours yourself yourselves".split())
OWNING = frozenset("my our your his her their its mine ours".split())
PLURAL = frozenset("we us our ours ourselves".split())
THIRD = {
    "he": "HE", "him": "HE", "his": "HE", "himself": "HE", "she": "SHE", "her": "SHE",
    "hers": "SHE", "herself": "SHE", "they": "THEY", "them": "THEY", "their": "THEY",
    "theirs": "THEY", "themselves": "THEY", "it": "IT", "its": "IT", "itself": "IT",
}  # fmt: skip
YES = frozenset("yes yeah yep yup sure definitely absolutely exactly correct indeed".split())
NO = frozenset("no nope nah never".split())
IN_FULL = {"gonna": "going to", "wanna": "want to", "gotta": "have to"}
SHORT = {"n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will"}
UNITS = {
    "€": "euro", "eur": "euro", "$": "dollar", "usd": "dollar", "£": "pound", "gbp": "pound",
    "%": "percent",
}  # fmt: skip
NUMBERS = {
    name: str(value)
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
     "eighty": "80", "ninety": "90", "hundred": "100", "thousand": "1000"}  # fmt: skip

OTHER_FIRST = {
    "de": frozenset("ich mir mich mein meine meinen meinem meiner wir uns unser unsere".split()),
    "fr": frozenset("je j m me moi mon ma mes nous notre nos".split()),
    "es": frozenset("yo me mi mis nosotros nuestro nuestra".split()),
}
OTHER_NEGATIONS = {
    "de": dict.fromkeys("nicht kein keine keinen keinem keiner nie niemals".split(), "NOT"),
    "fr": dict.fromkeys("pas jamais rien plus".split(), "NOT"),
    "es": dict.fromkeys("no nunca nada".split(), "NOT"),
}
OTHER_ARTICLES = {
    "de": frozenset("der die das den dem des ein eine einen einem einer und".split()),
    "fr": frozenset("le la les l un une des ne n et".split()),
    "es": frozenset("el la los las un una unos unas y".split()),
}
STEMMERS = {"de": "german", "fr": "french", "es": "spanish"}
ENDINGS = frozenset(("", "s", "es", "e", "ed", "d", "ing", "y", "ies", "ied", "ying", "i"))
OTHER_ENDINGS = frozenset(("", "e", "t", "st", "en", "n", "o", "a", "an", "es", "s", "ez", "ons"))
IRREGULAR = VERB | {
    "got": "get", "gotten": "get", "said": "say", "told": "tell", "stood": "stand",
    "rose": "rise", "shot": "shoot", "hurt": "hurt",
}  # fmt: skip
"""Past forms; a question leaves those aside that are too common or mostly other words."""
NOT_PAST = frozenset("need feed succeed proceed exceed speed breed seed weed wed bed red".split())
