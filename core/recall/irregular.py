"""Forms of verbs that no stemmer joins: "bought" is a form of "buy".

Used where words become stems and where a question looks for its words, so that "when did we buy it"
meets "we bought it". English; auxiliaries are left out, as are forms that mostly mean another word.
"""

from __future__ import annotations

_VERBS = """
arise arose arisen|awake awoke awoken|beat beaten|become became|begin began begun|bend bent
bite bitten|blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt
buy bought|catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt|dig dug
draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen
feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden
forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|give gave given|go went gone
grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|kneel knelt|know knew known
lead led|lean leant|learn learnt|leave left|lend lent|lose lost|make made|mean meant|meet met
mistake mistook mistaken|overcome overcame|oversee oversaw overseen|pay paid|prove proven
rebuild rebuilt|rewrite rewrote rewritten|ride rode ridden|ring rang rung|rise risen|run ran
see saw seen|seek sought|sell sold|send sent|shake shook shaken|shine shone|show shown|shrink shrank
sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|speak spoke spoken|spell spelt
spend spent|spin spun|spoil spoilt|steal stole stolen|stick stuck|sting stung|strike struck
swear swore sworn|sweep swept|swim swam swum|swing swung|take took taken|teach taught|tear tore torn
think thought|throw threw thrown|undergo underwent undergone|understand understood
wake woke woken|wear wore worn|weave wove woven|weep wept|win won|withdraw withdrew withdrawn
write wrote written
"""

FORMS = {
    verb: tuple(forms)
    for verb, *forms in (line.split() for line in _VERBS.replace("\n", "|").split("|") if line)
}
VERB = {form: verb for verb, forms in FORMS.items() for form in forms}
