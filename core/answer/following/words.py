"""The small English words by which a question is taken apart.

Read by `anatomy`, `referents` and `resolve`. Closed classes only, and the verbs and nouns that are
asked about most; what is in no list is taken for a noun.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words("the a an my our your his her their its this that these those any some all")
PREPOSITIONS = _words(
    """about above after against along among around as at before behind below beside between by
    during for from in inside into near of off on onto out over since through to towards under
    until up upon with within without regarding"""
)
PRONOUNS = _words(
    """i we you he she it they me us him them who whom what which there here somebody someone
    anybody anyone everybody everyone something anything everything nobody nothing mine ours yours
    hers theirs one ones myself himself herself themselves"""
)
AUXILIARIES = _words(
    """did does do is are am was were has have had can could will would shall should must may might
    didn't doesn't don't isn't aren't wasn't weren't hasn't haven't hadn't can't couldn't won't
    wouldn't shouldn't"""
)
JOINS = _words("and but or so if because when while whether that than then though although where")
"""Between clauses: what stands before may be meant by a pronoun behind."""
ADVERBS = _words(
    """not also already always again ever never still yet just only really actually finally first
    last then now soon else exactly usually often once too well together originally previously
    initially recently currently exactly please apart so very more most much many lot"""
)
VERBS = _words(
    """agree answer arrive ask attend be become begin book bring build buy call cancel change check
    choose clean close come complain confirm cook cost cover cut decide deliver discuss do draw
    drink drive eat end expire explain fail feel fill find finish fit fix fly get give go grow
    happen hear help hire hold include install invite join keep know land last lead leave let like
    live look lose love make mean measure meet mend mention move name need offer open order owe own
    paint park pay phone pick plan plant play promise propose put quit read receive recommend remind
    remember renew rent repair replace reply return run say see sell send serve set show sign sit
    sleep smell speak spend start stay stop store study suggest take taste talk teach tell think
    throw travel treat try turn understand use visit vote wait walk want wash watch wear weigh win
    work worry write"""
)
PAST = dict(
    pair.split(":")
    for pair in """agreed:agree ate:eat became:become began:begin bought:buy brought:bring
    built:build came:come chose:choose drew:draw drank:drink drove:drive fell:fall felt:feel
    found:find flew:fly gave:give got:get grew:grow had:have heard:hear held:hold kept:keep
    knew:know led:lead left:leave lent:lend lost:lose made:make meant:mean met:meet paid:pay
    put:put ran:run read:read said:say saw:see sent:send set:set showed:show slept:sleep sold:sell
    spent:spend spoke:speak stood:stand swam:swim taught:teach thought:think threw:throw told:tell
    took:take understood:understand went:go won:win wore:wear wrote:write written:write done:do
    given:give taken:take chosen:choose known:know broken:break broke:break stolen:steal stole:steal
    driven:drive eaten:eat seen:see gone:go worn:wear shown:show cut:cut hit:hit""".split()
)
PERSONS = {
    **dict.fromkeys(_words("mum mom mother sister wife daughter aunt girlfriend landlady grandma"
                           " grandmother niece woman girl"), "she"),
    **dict.fromkeys(_words("dad father brother husband son uncle boyfriend grandpa grandfather"
                           " nephew man boy"), "he"),
    **dict.fromkeys(_words(
        """plumber landlord dentist doctor teacher lawyer boss manager neighbour neighbor colleague
        friend accountant electrician gardener therapist vet tutor agent cousin partner mechanic
        architect painter roofer nurse coach professor supervisor client customer tenant cleaner
        carpenter notary surgeon babysitter"""), ""),
}  # fmt: skip
"""Nouns for somebody, with the pronoun where only one fits."""
HE = _words(
    """aaron adam adrian alan albert alex alexander andrew andreas anton arthur axel ben benjamin
    bernd bob boris brian bruno carl charles chris christian christoph dan daniel dave david dennis
    dirk dominik ed edward eric erik felix florian frank franz fred george georg greg hans harry
    henry ian jack jakob james jan jens jim joe joel john jonas jonathan jose juan julian karl kevin
    klaus lars leo leon louis lucas luca luis lukas marc marco mario mark markus martin matt matthew
    max michael miguel mike moritz nick niklas noah oliver oscar pablo patrick paul pedro peter phil
    philip pierre ralf ray richard rob robert sam sebastian simon stefan steve steven sven thomas
    tim tobias tom uwe victor walter will wolfgang"""
)
SHE = _words(
    """alice amelia amy ana andrea angela anja anna anne annika barbara beate birgit brigitte
    carla carmen caro caroline catherine charlotte chloe christina christine claire clara claudia
    diana doris elena elisabeth elizabeth ella emily emma eva eve fiona franziska gabi gina grace
    hanna hannah heike helen helena ingrid irene isabel jana jane janet jennifer jenny jessica
    joan jolene julia juliane karin karen kate katharina katrin kathy laura lea lena lilly lily
    linda lisa lucia lucy luise maria marie marion marta martha mary mia monica monika nadia nadine
    nancy nicole nina nora olivia paula petra rachel renate rita rosa ruth sabine sally sandra sara
    sarah silvia sofia sonja sophia sophie stefanie steffi susan susanne tanja tina ulrike ursula
    vera veronica yvonne"""
)
PLACED = _words("in at near to from into inside around behind beside")
MOTION = _words("get go went got drive drove fly flew travel travelled move moved come came walk")
TIMES = _words(
    """year years month months week weeks weekend day days morning afternoon evening night summer
    winter spring autumn time moment today tonight yesterday tomorrow"""
)
ABOUT = {
    "pay": "for", "charge": "for", "spend": "on", "agree": "on", "decide": "about", "say": "about",
    "tell": "about", "think": "about", "write": "about", "come": "to", "go": "to", "win": "",
    "choose": "for", "complain": "about", "know": "about", "vote": "on", "happen": "with",
    "discuss": "about", "talk": "about", "promise": "about", "suggest": "about",
    "recommend": "about", "sign": "", "organise": "", "organize": "", "attend": "", "buy": "",
    "order": "", "start": "", "finish": "", "end": "",
}  # fmt: skip
"""Verbs that say nothing by themselves, and how what they are about is joined to them."""
TOLD_SOMEBODY = ("pay", "tell", "charge", "promise")
"""Of these, those that are done to somebody, who is not what it is about."""


def base(word: str) -> str:
    """`decided` → `decide`; the word itself where nothing is known of it."""
    if word in PAST or word in VERBS:
        return PAST.get(word, word)
    for ending in ("ies", "ied"):
        if word.endswith(ending) and word[:-3] + "y" in VERBS:
            return word[:-3] + "y"
    for ending in ("s", "es", "d", "ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word:
            for known in (stem, stem + "e", stem[:-1] if stem[-2:-1] == stem[-1:] else stem):
                if known in VERBS:
                    return known
    return word


def is_verb(word: str) -> bool:
    return base(word) in VERBS
