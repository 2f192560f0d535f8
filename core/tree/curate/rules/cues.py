"""What tells that a statement is worth keeping, or not: words and beginnings, each with a weight.

Read by `salience`. Weights are rounded by hand, and only those that any chat bears out are here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    pattern: re.Pattern[str]
    weight: float
    opens: bool = False
    """It counts at the beginning only."""

    def is_in(self, text: str) -> bool:
        found = self.pattern.match(text) if self.opens else self.pattern.search(text)
        return found is not None


def _words(words: str, weight: float) -> Cue:
    return Cue(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), weight)


def _form(pattern: str, weight: float, *, opens: bool = False, flags: int = re.IGNORECASE) -> Cue:
    return Cue(re.compile(pattern, flags), weight, opens)


CUES: dict[str, Cue] = {
    "family": _words(
        "mom|mum|mother|dad|father|parents?|sisters?|brothers?|siblings?|wife|husband|"
        "partner|fiancée?|girlfriend|boyfriend|sons?|daughters?|kids?|child|children|"
        "baby|family|fam|grandma|grandmother|grandpa|grandfather|grandparents|aunt|"
        "uncle|cousins?|niece|nephew|twins|in-laws|stepdad|stepmom|roommates?|(?:best |"
        "old )?friends?|buddy|buddies|mentors?|neighbou?rs?|colleagues?|co-?workers?|"
        "boss|teammates?|coach",
        0.7,
    ),
    "pet": _words(
        "dogs?|cats?|pup|pups|puppy|puppies|kittens?|pets?|rabbit|hamster|parrot|"
        "turtles?|horses?|guinea pig|snakes?",
        0.8,
    ),
    "home": _words(
        r"apartment|flat|house|home ?town|moved|moving|rent|landlord|mortgage|live in|"
        r"lives? (?:with|near)|living in|grew up|born|(?-i:from [A-Z])|neighbou?rhood|"
        r"backyard",
        0.5,
    ),
    "work": _words(
        "job|jobs|work|working|works|career|company|boss|office|promotion|promoted|"
        "hired|fired|laid off|intern|internship|interview|interviews|client|clients|"
        "business|startup|shop|store|salary|freelance|manager|project|projects|retired|"
        "contract|sponsor|sponsorship|brand|endorsement",
        0.5,
    ),
    "study": _words(
        "school|college|university|degree|class|classes|(?<!of )course|courses|major|exam|"
        "exams|thesis|semester|graduated?|graduating|professor|studying|study|studied|"
        "phd|master'?s|bachelor'?s|scholarship|certificate|certification|homework",
        0.9,
    ),
    "health": _words(
        "doctor|doctors|hospital|surgery|diagnosed|injur(?:y|ed|ies)|sick|ill|illness|"
        "allerg(?:y|ic|ies)|asthma|diabetes|therapy|therapist|medication|pregnant|"
        "pregnancy|sprained|broke|broken|twisted|diet|weight|vegan|vegetarian|gluten|"
        "anxiety|depression|migraines?|pain|check-?up|gym|yoga|recovery|recovered|"
        "passed away|died|death|funeral|accident",
        1.0,
    ),
    "trip": _words(
        "trip|trips|travel|traveled|travelled|traveling|travelling|vacation|holiday|"
        "visit|visited|visiting|flew|flight|road trip|camping|hike|hiked|hiking|tour|"
        "beach|mountains?|abroad|backpacking|cruise|tickets?|passport",
        0.8,
    ),
    "hobby": _words(
        "hobby|hobbies|paint|painted|painting|paintings|draw|drawing|pottery|guitar|"
        "piano|violin|drums|band|sing|singing|dance|dancing|run|running|marathon|swim|"
        "swimming|bike|biking|cycling|climbing|ski|skiing|surf|surfing|snowboarding|"
        "skateboarding|basketball|football|soccer|tennis|chess|games?|gaming|"
        "photography|cook|cooking|cooked|bake|baked|baking|recipes?|garden|gardening|"
        "read|reading|books?|novel|write|writing|wrote|blog|poems?|movies?|film|series|"
        "show|music|song|songs|album|concert|festival|meditation|knitting|sewing|"
        "crafts?|woodworking|camera|car|cars|motorcycle|coding|programming|app",
        0.7,
    ),
    "event": _words(
        "wedding|birthday|anniversary|party|parade|tournament|competition|race|"
        "conference|convention|workshop|exhibit|exhibition|meeting|event|events|game|"
        "match|ceremony|reunion|fair|charity|fundraiser|volunteer|volunteered|"
        "volunteering|campaign|march|shelter|church|group|club|team|meetup|award|prize|"
        "trophy|medal|election|interview",
        0.7,
    ),
    "change": _words(
        "started|stopped|quit|joined|moved|bought|adopted|won|lost|finished|completed|"
        "graduated|learned|learnt|built|made|created|signed up|enrolled|found|met|"
        "passed|failed|got|received|began|opened|launched|published|released|sold|"
        "broke up|divorced|married|engaged|proposed|accepted|applied|decided|took up|"
        "picked up|gave up|visited|attended|took|went|had|did|organi[sz]ed|hosted|"
        "donated|helped|taught|saw|tried|discovered|achieved|reached|became|raised|"
        "came back|got back|ended up|ran|celebrated|spent|made it",
        0.5,
    ),
    "plan": _words(
        "going to|gonna|plan|plans|planning|planned|thinking of|thinking about|"
        "considering|looking into|looking forward|look forward|hope to|hoping|want to|"
        "wanna|would love|'d love|goal|goals|dream|aim|aiming|intend|can't wait|"
        "about to|preparing|saving|researching|applying|signing up|soon|upcoming|"
        "next (?:week|month|year|summer|weekend)",
        0.3,
    ),
    "like": _words(
        "love|loves|loved|like|enjoy|enjoys|enjoyed|enjoying|prefer|hate|can't stand|"
        "dislike|favou?rite|fan of|into|keen on|passion|passionate|interested in|"
        "obsessed|hooked|crazy about|adore|appreciate|value|fascinated|miss|fond of|"
        "huge fan|big fan",
        0.3,
    ),
    "habit": _words(
        "usually|always|never|often|every|each (?:day|week|month|year|morning)|daily|"
        "weekly|regularly|sometimes|whenever|since|for years|used to|these days|lately|"
        "recently|nowadays|on (?:weekends|sundays|saturdays|fridays|mondays)|(?:once|"
        "twice) a|routine",
        0.2,
    ),
    "meaning": _words(
        "important to|means a lot|makes me|make me|made me|helps me|help me|helped me|"
        "helps|reminds me|reminder|taught me|inspires?|inspired|inspiring|believe|"
        "grateful|thankful|proud|motivates?|motivated|gives me|gave me|keeps me|"
        "brings me|feel|feeling|felt|struggl(?:e|ed|ing)|challenge|stress|stressed|"
        "worried|scared|afraid|excited|passionate|express|learning|peace|joy|realized|"
        "reali[sz]ing|purpose",
        0.2,
    ),
    "have": _form(
        r"\bI(?:'ve| have)(?: got)? (?:a|an|two|three|four|five|\d+|some|my)\b|"
        r"\bmy (?:new|first|own|old|favou?rite)\b|\bnamed\b|\bcalled [A-Z]",
        0.6,
    ),
    "dated": _form(
        r"\b(?:yesterday|today|tonight|tomorrow|last|next|ago|"
        r"this (?:week|weekend|month|year|summer|morning)|in (?:19|20)\d\d|january|"
        r"february|march|april|june|july|august|september|october|november|december|"
        r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend)\b",
        0.6,
    ),
    "number": _form(
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|first|"
        r"second|third)\b",
        0.6,
    ),
    "title": _form(
        r"[\"“][A-Z0-9][^\"“”]{2,60}[\"”]",
        0.4, flags=0,
    ),
    "reason": _words(
        "because|so that|in order to|since|which|who|where|while|after|before|when",
        0.1,
    ),
    "list": _form(
        r"\w+, \w[\w ]{1,25},? (?:and|or) \w",
        0.5,
    ),
    "listener": _form(
        r"\b(?:you|your|yours|you'\w+|u|ur)\b",
        -1.2,
    ),
    "deictic": _form(
        r"(?:it|its|it's|that|that's|this|they|they're|he|he's|she|she's|those|these|"
        r"there|here|here's|what|how|which|who)\b",
        -0.9, opens=True,
    ),
    "if": _words(
        "if|would|could|might|maybe|perhaps|should|imagine|wish|wonder|bet|hopefully",
        -1.0,
    ),
    "praise": _words(
        "sounds?|looks?|seems?|congrats|glad|good luck|proud of you|amazing|awesome|"
        "great|cool|nice|wonderful|beautiful|stunning|incredible|fantastic|lovely",
        -0.6,
    ),
    "general": _words(
        "ourselves|yourself|our lives|one's|someone|somebody|life|everyone|everybody|people|us|"
        "world|things|anything|always important",
        -0.4,
    ),
    "agrees": _form(
        r"(?:i (?:totally |completely |definitely |really )?(?:agree|understand|know|see|"
        r"get it|hear|feel you|can (?:imagine|see|relate|understand))|"
        r"can't wait|let me|i hope|i'm glad|i'm sure|i bet|i wish|i appreciate|"
        r"i'm (?:so |really )?(?:happy|proud|excited) for)\b",
        -1.5, opens=True,
    ),
    "orders": _form(
        r"(?:let's|let|don't|keep|check|look|take|tell|give|stay|try|go|just|remember|"
        r"make|send|enjoy|wait|believe|never|always|have)\s(?!been|just)",
        -1.0, opens=True,
    ),
    "small": _words(
        "dinner|lunch|breakfast|nap|naps|asleep|shower|bedtime|go to bed|going to bed|"
        "hit the hay|right now|later today|later tonight|umbrella|laundry|dishes|"
        "traffic|weather|reply|text you|message|messages|tmrw|brb|ttyl|hungry|sleepy|"
        "tired|woke up|wake up|slept|awake|at the moment|breakfast|sandwich|burrito|snack|snacks|"
        "freezing|runny|sweater|couch|bored|boring|leftovers|for now|in a bit|catch up|see you|"
        "get back to you|cleaning up|got home|home now|errands|day off|trash",
        -0.8,
    ),
    "hearsay": _words(
        "dreamt|dreamed|heard|apparently|they say|supposedly|literally|probably|unless|"
        "i guess",
        -0.6,
    ),
    "refused": _words(
        "(?:can['’]t|cannot|can not|won['’]t|couldn['’]t) (?:promise|guarantee|be able|make it)|"
        "never (?:said|promised|agreed)|(?:didn['’]t|did not|haven['’]t) (?:promised?|agreed?)|"
        "nothing more than (?:that|a)|thinking about it",
        -4.0,
    ),
    "hedged": _words(
        "i think|i thought|i feel like|i felt like|i guess|i don['’]?t think|i mean|idk|lol|lmao|"
        "haha|kinda weird|i suppose|i wonder",
        -0.5,
    ),
    "crisp": _form(
        r"i(?:['’]m)? (?:also |now |usually |mostly |mainly |actually |really |primarily |still |"
        r"currently |originally )?(?:play|work|live|study|"
        r"own|teach|speak|collect|coach|drive|grew|was born|"
        r"have (?:a|an|two|three|four|\d)|got (?:a|an)|adopted|moved|married|allergic|"
        r"vegan|vegetarian|(?-i:from [A-Z]\w+))\b",
        1.2, opens=True,
    ),
    "food": _words(
        "ate|eat|eats|eating|food|coffee|drank|drink|drinks|drinking|tea|beer|soda|meal|cook|"
        "cooked",
        -0.3,
    ),
    "filler": _words(
        "last (?:talked|spoke|chatted|met|chat|talk|conversation)|(?:happened|"
        "happening|going on) (?:lately|recently|since|to me)|haven['’]t (?:talked|"
        "spoken|chatted)|long time|a lot has happened|something happened|since (?:we|"
        "our)|believe it|believe this|great news|some news|good news",
        -0.7,
    ),
    "job": _form(
        r"(?:(?:awesome|great|good|nice|amazing|way|well) (?:job|work|to go|done|going|choice|"
        r"idea))|"
        r"(?:tell|let|show|send|give|keep) (?:me|us|it)\b|look\b|check (?:out|this)|"
        r"(?:if|even if|imagine|maybe|perhaps|what if)\b",
        -2.0, opens=True,
    ),
    "we": _form(
        r"(?:we|we're|we've|we'll|our)\b",
        0.2, opens=True,
    ),
}  # fmt: skip
