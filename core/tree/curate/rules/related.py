"""The forms in which people say what somebody or something is, has or costs.

Read by `relations`. `s` is whom it is said of and `v` the value; each stands for one way to say it,
with the attribute that all the ways to say the same share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cairn.core.tree.curate.rules.naming import Sort
from cairn.core.tree.curate.rules.people import KIN
from cairn.core.tree.curate.rules.values import NAME

Of = Literal["person", "thing", "any"]


@dataclass(frozen=True, slots=True)
class Form:
    attribute: str
    of: Of
    pattern: re.Pattern[str]
    sort: Sort = "text"
    has_many: bool = False
    """Somebody may have several, so that another one doesn't supersede."""


_S = r"(?P<s>[^\s,;:][^,;:]{1,58}?)"
_NOW = (
    r"(?:\s+(?:now|also|still|currently|recently|just|officially|originally|actually|finally|"
    r"only|jetzt|inzwischen|seit \w+|nun|auch|noch))?"
)
_V = r"(?P<v>\S.*)"
_OF = r"(?:of|for|von|für)"
_MONEY = (
    r"(?P<v>(?:about |around |only |just |roughly )?(?:[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|\$|£|"
    r"euros?|eur|dollars?|pounds?|francs?|franken|crowns?|usd|chf|gbp|k\b|bucks|quid)|"
    r"\d[\d.,]*(?=\s+(?:a|per)\s))\S*(?:\s+(?:a|an|per|pro|im)\s\w+)?)"
)
_PHONE = r"(?P<v>\+?\(?\d[\d ()/.-]{5,22}\d)(?=\W*(?:$|\s[a-z(]|[.,;]))"
_MAIL = r"(?P<v>[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){1,4})"
_TIMES = (
    r"(?P<v>(?:(?:from|until|till|on|every|between|daily|all|week|in the|only|24|by|"
    r"mo(?:n|ntags?)|tu|we|th|fr|sa|su|mornings?|afternoons?|evenings?|weekdays|weekends|\d|von|"
    r"bis|täglich|di|mi|do)\w*\b).*)"
)
_DAYS = (
    r"(?P<v>(?:(?:every|each)\s+(?:other\s+|second\s+|first\s+|last\s+)?)?(?:mon|tues|wednes|"
    r"thurs|"
    r"fri|satur|sun)day(?:s(?:\s+(?:morning|afternoon|evening|night)s?)?|"
    r"\s(?:morning|afternoon|evening|night)s)(?:\s+at\s.*)?|"
    r"(?:montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags)\b.*)"
)
_SIZE = (
    r"(?P<v>(?:about |roughly |only |exactly )?\d[\d.,]*\s?(?:(?:cm|mm|m|km|metres?|meters?|feet|"
    r"ft|inch(?:es)?|kg|litres?|liters?|m²|square \w+|sqm|qm)?\s?(?:by|x|×|mal)\s?\d[\d.,]*\s?)?"
    r"(?:cm|mm|m|km|metres?|meters?|feet|ft|inch(?:es)?|kg|grams?|litres?|liters?|m²|sqm|qm|"
    r"square \w+)\b(?:\s(?:wide|long|high|deep|tall|thick|breit|lang|hoch|tief))?.{0,40})"
)
_PET = (
    r"(?P<v>(?:an?|two|three|four|five|eine?n?|zwei|drei)\s(?:[\w-]+\s){0,3}?(?:dogs?|cats?|"
    r"pupp(?:y|ies)|kittens?|rabbits?|hamsters?|guinea pigs?|parrots?|budgies?|budgerigars?|"
    r"canar(?:y|ies)|tortoises?|turtles?|horses?|pon(?:y|ies)|snakes?|goldfish|fish|lizards?|"
    r"geckos?|chickens?|hens|ducks?|goats?|sheep|rats?|mice|ferrets?|dachshunds?|terriers?|"
    r"labradors?|poodles?|beagles?|shepherds?|retrievers?|spaniels?|hunde?|katzen?|kater|hasen?|"
    r"kaninchen|pferde?|hühner|papagei|wellensittiche?|schildkröten?)\b.{0,40})"
)
_INSTRUMENT = (
    r"(?P<v>(?:(?:double|bass|electric|acoustic|french|tenor|alto)\s)?(?:bass|cello|violin|viola|"
    r"piano|guitar|flute|clarinet|oboe|bassoon|trumpet|trombone|horn|tuba|saxophone|sax|drums|"
    r"harp|"
    r"organ|accordion|banjo|mandolin|ukulele|oud|sitar|recorder|keyboard|harmonica|bagpipes|lute|"
    r"percussion|fiddle|klavier|geige|gitarre|cello|flöte|klarinette|trompete|schlagzeug|orgel|"
    r"akkordeon|saxophon))\b"
)
_TONGUE = (
    r"(?P<v>(?:fluent |some |a little |a bit of |good |native |fließend |ein bisschen )?"
    r"(?-i:[A-Z][a-zü]{2,})(?:(?:,| and| und) (?-i:[A-Z][a-zü]{2,})){0,3})"
    r"(?=[.,!]|$|\s(?:and|with|at|but|since|well|fluently|very|now|too|mit|zu)\b)"
)
_BY_TRADE = r"(?:by (?:trade|profession|training)|von beruf)"
_TRADE = r"(?P<v>(?:an?|the|eine?)\s(?:[\w-]+\s){0,3}?[\w-]+)"
_ROLE_AT = (
    r"(?P<v>an?\s(?:[\w-]+\s){0,2}?(?:[\w-]+(?:er|or|ist|ian|ant|eer|ess)|nurse|clerk|cook|chef|"
    r"pilot|guide|judge|coach))(?=\sat\s(?:the\s|a\s)?[A-Za-zÀ-ÿ])"
)
_ALLERGY = r"(?:(?:severe|bad|mild|strong|slight|serious)\s)?"
_WORKS = (
    r"(?:works?|is working|has been working|earns (?:a|his|her|their) living|makes a living|"
    r"has started(?: work)?|started|arbeitet)"
)
_DONE = r"(?:finished|done|ready|submitted|delivered|handed in|complete[d]?|paid|sent|filed)"
_KEEP = (
    r"(?:we|i)(?:['’]ve| have)?(?:\s(?:always|now|usually))?\s(?:keep|store|put|hide|leave|left|"
    r"stored|kept)"
)
_PLACE = (
    r"(?P<v>(?:in|on|under|behind|above|inside|next to|at|below|beside|with|unter|hinter|im)\s"
    r".{3,60})"
)
_TOWN = r"(?P<v>(?-i:[A-ZÀ-Þ])[\w'’-]*(?: (?-i:[A-ZÀ-Þ])[\w'’-]*){0,3})"
_COUNT = (
    r"(?P<v>\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|"
    r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn) (?:people|members|employees|staff|"
    r"colleagues|singers|players|children|students|of us|leute|mitglieder|mitarbeiter\w*)"
)
_TABLE: tuple[tuple[str, Of, Sort, bool, tuple[str, ...]], ...] = (
    ("birthday", "person", "text", False, (
        rf"{_S}['’]s birthday{_NOW}\s(?:is|falls)(?: on)?\s{_V}",
        rf"{_S} (?:was|is) born(?: on)?\s{_V}",
        rf"{_S} (?:turns|will turn|will be|is turning)\s\d{{1,3}}(?: years old)? on\s{_V}",
        rf"{_S} (?:has|celebrates) (?:his|her|their)(?: \w+)? birthday on\s{_V}",
        rf"(?P<v>[^:,]{{4,24}})[,:]\s(?:the )?birthday of {_S}[.!]*$",
        rf"(?:the )?birthday of {_S}(?::| is(?: on)?)\s{_V}",
        rf"{_S} (?:hat|feiert) (?:immer )?am\s(?P<v>\d\S*\s?\S*)\sGeburtstag",
        rf"{_S} (?:ist|wurde) am\s(?P<v>\d\S*\s?\S*(?:\s\d{{4}})?)\sgeboren",
    )),
    ("allergy", "person", "text", True, (
        rf"{_S} (?:is|are){_NOW}\s(?:\w+ly )?allergic to\s{_V}",
        rf"{_S} (?:has|got|has got|developed|suffers from) an? {_ALLERGY}allergy to\s{_V}",
        rf"{_S} (?:has|has got) an? {_ALLERGY}(?P<v>[\w-]+(?: [\w-]+)?) allergy",
        rf"{_S} (?:can['’]t|cannot|must not|mustn['’]t|isn['’]t allowed to) (?:eat|have|tolerate)"
        rf"(?: (?:anything with|any|food with|things with))?\s{_V}",
        rf"{_S} ist{_NOW} allergisch (?:gegen|auf)\s{_V}",
        rf"{_S} verträgt (?:kein\w{{0,2}})\s{_V}",
    )),
    ("diet", "person", "text", False, (
        rf"{_S} (?:is|has become|became|has gone|went|has been|ist|"
        rf"lebt){_NOW}\s(?P<v>(?:strictly )?"
        r"(?:a )?(?:vegan|vegetarian|pescatarian|vegetarisch|vegetarier(?:in)?|veganer(?:in)?|"
        r"teetotal|lactose intolerant|gluten intolerant|coeliac))\b",
    )),
    ("job", "person", "text", False, (
        rf"{_S}{_NOW} {_WORKS}{_NOW} (?:at|for|in) [^,]{{3,50}}, as\s(?P<v>(?:an?|"
        rf"the)\s[\w-]+(?:\s[\w-]+)?)",
        rf"{_S}{_NOW} {_WORKS}{_NOW} as\s(?P<v>(?:an?|the)?\s?[\w-]+(?:\s[\w-]+){{0,2}}?)"
        r"(?=\s(?:at|for|in|with|on|since|and|from|now|these)\b|[.,;!]|$)",
        rf"{_S} is{_NOW} (?P<v>an?\s(?:[\w-]+\s){{0,2}}?[\w-]+) {_BY_TRADE}",
        rf"{_S} ist{_NOW} {_V} von Beruf",
        rf"{_S} ist{_NOW} von Beruf {_V}",
        rf"(?:by day|professionally|for a living),?\s{_S} is {_TRADE}[.!]*$",
        rf"{_S} (?:arbeitet|jobbt){_NOW} als {_V}",
        rf"{_S}['’]s (?:job|profession) is\s{_V}",
        rf"{_S} (?:is|has become|became){_NOW} {_ROLE_AT}",
    )),
    ("school", "person", "text", False, (
        rf"{_S} (?:goes|will go|is going|starts|started|will start|is|changes|transfers|geht|"
        rf"kommt|"
        rf"wechselt){_NOW} (?:to|at|auf|an|in)\s(?:the |die |das |den "
        rf")?(?P<v>(?-i:[A-ZÀ-Þ])[^,;]{{0,40}}?"
        r"(?:school|schule|college|kindergarten|university|nursery|academy|gymnasium|primary|"
        r"lycée|"
        r"conservatory|kita|universität)\b(?:\s(?:am|of|in the|im) (?-i:[A-ZÀ-Þ])\w+)?|"
        r"(?-i:[A-ZÀ-Þ])\w+ (?:am|an der) (?-i:[A-ZÀ-Þ])\w+)",
    )),
    ("people", "thing", "text", False, (
        rf"{_S}{_NOW} (?:counts?|has|employs|is now|are now|zählt){_NOW}\s{_COUNT}",
        rf"(?:we|there) are{_NOW}\s{_COUNT} (?:at|in) {_S}[.!]*$",
    )),
    ("employer", "person", "text", False, (
        rf"{_S}{_NOW} {_WORKS}{_NOW} (?:at|for|bei|beim)\s(?P<v>(?:the\s)?\S.*)",
    )),
    ("home", "person", "text", False, (
        rf"{_S}{_NOW} (?:lives?|is living|has lived|lebt|wohnt){_NOW} (?:in|at|on|with (?:\w+ "
        rf"){{1,3}}in)\s{_V}",
        rf"{_S} (?:has|rents|has bought|bought|owns) an? (?:\w+ )?(?:flat|house|room|apartment|"
        rf"place)"
        rf" (?:in|at)\s{_V}",
        rf"{_S} (?:is|has been){_NOW} based in\s{_V}",
        rf"{_S}(?:['’]s| has| have)?{_NOW} (?:moved|relocated)(?: back| out| over)? "
        rf"to\s(?P<v>(?-i:[A-ZÀ-Þ]).*)",
        rf"{_S} ist(?: jetzt)? in\s(?P<v>[^,]+?) (?:zu Hause|zuhause|daheim)",
        rf"{_S} ist nach (?P<v>\S+(?: \S+)?) gezogen",
    )),
    ("origin", "person", "text", False, (
        rf"{_S} (?:grew up|was born and raised|was raised) in\s(?P<v>(?-i:[A-ZÀ-Þ]).*)",
        rf"{_S} was born in\s(?P<v>(?-i:[A-ZÀ-Þ]).*)",
        rf"{_S} (?:comes|hails|is)(?: originally)? from\s(?P<v>(?-i:[A-ZÀ-Þ]).*)",
        rf"{_S} spent (?:his|her|their) (?:childhood|youth|school years) "
        rf"in\s(?P<v>(?-i:[A-ZÀ-Þ]).*)",
        rf"{_S} (?:kommt|stammt)(?: ursprünglich)? aus\s{_V}",
        rf"{_S} ist in (?P<v>\S+(?: \S+)?) (?:aufgewachsen|geboren)",
    )),
    ("phone", "any", "phone", False, (
        rf"{_S}['’]s? (?:new )?(?:phone |mobile |cell |office |work |private )?(?:number|phone|"
        rf"mobile|cell)"
        rf"(?: number)?(?: is|:)?(?: now)?\s{_PHONE}",
        rf"(?:you (?:can )?|to )?(?:reach|call|ring|phone|get hold of) {_S} (?:at|on|"
        rf"under)\s{_PHONE}",
        rf"(?:tel|phone|mobile|cell|telefon|handy|nummer)\.?(?: number)?(?: of| for| von)?:? "
        rf"{_S}:\s{_PHONE}",
        rf"{_S}[,:]? \(?(?:tel|phone|mobile|cell|telefon|handy)\.?(?: number)?:?\s{_PHONE}",
        rf"{_S},\s(?:tel|phone|mobile|cell|telefon|handy)\.?(?: number)?:?\s{_PHONE}",
        rf"{_S} (?:can be reached|is reachable|ist erreichbar) (?:at|on|under|unter)\s{_PHONE}",
        rf"{_S} has a new (?:phone |mobile )?number:?\s{_PHONE}",
    )),
    ("email", "any", "mail", False, (
        rf"{_S}['’]s? (?:new )?(?:e-?mail|mail)(?: address)?(?: is|:)(?: now)?\s{_MAIL}",
        rf"(?:you (?:can )?)?(?:reach|write to|mail|e-?mail) {_S} (?:at|under)\s{_MAIL}",
        rf"(?:the )?(?:e-?mail |mail )?address (?:for (?:e-?)?mails? to|for|of) {_S}(?: is|"
        rf":)\s{_MAIL}",
        rf"{_S} (?:reads|checks|gets|receives)(?: (?:his|her|their))? (?:e-?)?mails? (?:at|"
        rf"under)\s{_MAIL}",
    )),
    ("size", "person", "number", False, (
        rf"{_S} (?:wears|takes|needs)(?: an?)?(?: shoe)? size{_NOW}\s(?P<v>\d[\d.,/]*)",
        rf"{_S} (?:has|hat){_NOW} (?:shoe size|Schuhgröße)\s(?P<v>\d[\d.,/]*)",
        rf"(?:shoes|shoe size|clothes|size|Schuhe|Schuhgröße) {_OF} {_S}:? (?:are |is |in "
        rf")?(?:size |Größe )?(?P<v>\d[\d.,/]*)[.!]*$",
    )),
    ("pet", "person", "text", True, (
        rf"{_S} (?:has|have|keeps|owns|has got|has adopted|adopted|hat|hält){_NOW}\s{_PET}",
        rf"{_S} (?:lives|shares (?:the|a|his|her|their) (?:flat|house|home|apartment|room)) "
        rf"with\s{_PET}",
    )),
    ("language", "person", "text", True, (
        rf"{_S} (?:speaks|is fluent in|is learning|spricht)\s{_TONGUE}",
        rf"{_S} grew up (?:with|speaking)\s{_TONGUE}",
        rf"{_S}['’]s (?:mother tongue|first language|native language) is\s{_TONGUE}",
    )),
    ("medicine", "person", "text", True, (
        rf"{_S} (?:takes|is taking|has to take|must take|"
        rf"nimmt)\s(?P<v>[^,;]{{3,40}}?)(?=\s(?:every|each|daily|once|twice|in the (?:morning|"
        rf"evening)|before|after|for (?:his|her|their)|against|jeden|täglich|morgens|abends)\b)",
        rf"(?:the |our |her |his )?(?:doctor|gp|cardiologist|hospital|clinic|specialist) (?:has "
        rf")?put {_S} on\s{_V}",
        rf"{_S} (?:was|has been|got|is being) (?:prescribed|put on)\s{_V}",
    )),
    ("car", "person", "text", False, (
        rf"{_S}{_NOW} drives{_NOW}\s(?P<v>(?:an?|the)\s.+)",
        rf"{_S}['’]s car is\s{_V}",
        rf"{_S} (?:fährt){_NOW}\s(?P<v>einen?\s.+)",
    )),
    ("instrument", "person", "text", True, (
        rf"{_S}{_NOW} (?:plays|has played|is learning|has taken up|studies|spielt|"
        rf"lernt){_NOW}\s(?:the )?{_INSTRUMENT}",
    )),
    ("relation", "person", "text", True, (
        rf"{_S} is{_NOW}\s(?P<v>(?:my|our|{NAME}['’]s?)\s(?:\w+ ){{0,2}}?{KIN})[.!]*$",
        rf"{_S} is{_NOW}\s(?P<v>(?:the|an?)\s(?:\w+ )?{KIN} of\s.{{2,40}}?)[.!]*$",
        rf"{_S} ist{_NOW}\s(?P<v>(?:meine?|unsere?|{NAME}s?)\s(?:\w+ )?{KIN})[.!]*$",
    )),
    ("name", "person", "text", False, (
        rf"{_S}(?:['’]s name)? is (?:called |named )(?P<v>{NAME})",
        rf"{_S} heißt{_NOW}\s(?P<v>{NAME})",
    )),
    ("due", "thing", "date", False, (
        rf"{_S} (?:is|are){_NOW} due(?: on| by)?\s{_V}",
        rf"{_S} (?:has to|have to|must|needs to|should) be {_DONE}(?: by| on| before)?\s{_V}",
        rf"{_S} needs {_DONE} by\s{_V}",
        rf"{_S} muss bis (?:zum )?(?P<v>\S+(?: \S+)?(?: \d{{4}})?) (?:fertig|abgegeben|bezahlt)",
    )),
    ("budget", "thing", "money", False, (
        rf"(?:we|i)(?:['’]ve| have)?(?: got)?(?: set aside| put aside| reserved| budgeted| "
        rf"planned| only)? {_MONEY} (?:for|on) {_S}(?:\s(?:this|next|in) \w+)?[.!]*$",
        rf"(?:we|i) (?:set aside|put aside|reserved|budgeted|planned|allow|allowed) {_MONEY} "
        rf"for {_S}(?:\s(?:this|next|in) \w+)?[.!]*$",
        rf"{_S} (?:can|must not|should|is allowed to) cost(?: (?:up to|at most|no more than|"
        rf"more than))?\s{_MONEY}",
        rf"{_S} gets\s{_MONEY}",
    )),
    ("price", "any", "money", False, (
        rf"{_S}{_NOW} (?:costs?|comes to|came to|is charged at|kostet){_NOW}(?: us)?\s{_MONEY}",
        rf"(?:we|i) (?:now )?pay\s{_MONEY}(?: \w+)? for {_S}[.!]*$",
        rf"{_S} pays(?: us)?\s{_MONEY}",
    )),
    ("lead", "thing", "name", False, (
        rf"(?P<v>{NAME})(?: is|['’]s)?{_NOW} (?:leads|heads|runs|manages|in charge of|"
        rf"responsible for|takes over|took over|leitet)(?: the lead of)? {_S}(?:\s(?:until|from|"
        rf"since|for now|now)\b.*)?[.!]*$",
        rf"{_S} (?:is|wird){_NOW} (?:run|led|headed|managed|coordinated|owned|geleitet) (?:by|"
        rf"von)\s(?P<v>{NAME})",
    )),
    ("technology", "thing", "text", True, (
        rf"{_S} (?:is|was){_NOW} (?:written|built|implemented|programmed) (?:in|with|"
        rf"on)\s(?P<v>(?-i:[A-Z]).{{1,40}})",
        rf"{_S}{_NOW} runs on\s(?P<v>(?:an? )?(?-i:[A-Z]).{{1,40}})",
    )),
    ("client", "thing", "name", False, (
        rf"(?:the |our )?(?:client|customer|sponsor) (?:behind|for|of|on) {_S} is\s{_V}",
        rf"{_S} is (?:being )?(?:made|built|done|developed) for\s(?P<v>(?-i:[A-ZÀ-Þ]).*)",
    )),
    ("measure", "thing", "text", False, (
        rf"{_S} (?:measures|is|are){_NOW}\s{_SIZE}",
        rf"(?:i|we)(?:['’]ve)? measured {_S}:?(?: (?:it is|it['’]s))?\s{_SIZE}",
    )),
    ("number", "thing", "text", False, (
        rf"{_S} has the number\s(?P<v>[A-Z0-9][\w -]*\d.*)",
        rf"(?:the |our |my )?number of {_S} is\s(?P<v>\S*\d[\w /-]*)",
        rf"{_S} (?:number|no\.|nr\.) is\s(?P<v>\S*\d[\w /-]*)",
    )),
    ("hours", "thing", "text", False, (
        rf"{_S} (?:is|are){_NOW} (?:open|closed)\s{_TIMES}",
        rf"{_S} opens(?: only)?(?: again)?\s(?P<v>(?:at|from|on|until|daily)\s.*)",
        rf"{_S} (?:hat|ist){_NOW} (?:offen|geöffnet|auf|geschlossen)\s{_TIMES}",
        rf"{_S} hat{_NOW} {_TIMES} (?:offen|geöffnet|auf|geschlossen)[.!]*$",
    )),
    ("place", "thing", "text", False, (
        rf"{_S} (?:is|are){_NOW} (?:kept|stored|hidden|stowed)\s{_PLACE}",
        rf"you(?:['’]ll| can| will)? find {_S}\s{_PLACE}",
        rf"{_KEEP} {_S}\s{_PLACE}",
        rf"{_S} (?:hangs|lies|lives|stands|is lying|is hanging)\s{_PLACE}",
        rf"we(?:['’]ll| will|['’]re| are)?{_NOW} (?:celebrat(?:e|ing)|spend(?:ing)?) {_S} "
        rf"(?:in|at|on)\s{_TOWN}",
        rf"wir feiern{_NOW} {_S}(?: bei \w+)?(?: \w+)? in\s{_TOWN}",
        rf"{_S} feiern wir(?: (?:doch|jetzt|nun|dieses Jahr))? in\s{_TOWN}",
    )),
    ("address", "any", "address", False, (
        rf"{_S} (?:is|sits|is located|are|has moved to|moved to|is now){_NOW}(?: at| in| "
        rf"to)?\s(?P<v>(?-i:[A-ZÀ-Þ])[\w'’.ß-]*(?:\s[\w'’.ß-]+){{0,3}}\s\d{{1,4}}[a-z]?\b)",
    )),
    ("address", "person", "address", False, (
        r"(?:you(?:['’]ll| can| will)?(?: now)? find|find|visit|reach) (?:us|me)(?: now)? (?:at|"
        r"in)\s"
        r"(?P<v>(?-i:[A-ZÀ-Þ])[\w'’.ß-]*(?:\s[\w'’.ß-]+){0,3}\s\d{1,4}[a-z]?\b)",
    )),
    ("day", "thing", "text", False, (
        rf"{_S} (?:is|are|meets?|takes place|is held|happens|has moved to){_NOW}(?: on)?\s{_DAYS}",
        rf"{_S}:{_NOW}(?: on)?\s{_DAYS}",
    )),
)  # fmt: skip
PATTERNS: tuple[Form, ...] = tuple(
    Form(attribute, of, re.compile(pattern, re.IGNORECASE), sort, has_many)
    for attribute, of, sort, has_many, patterns in _TABLE
    for pattern in patterns
)
