"""The German words of dates, by the name of the node that they make."""

from __future__ import annotations

_LAST = "letzte letzten letzter letztes letztem vergangene vergangenen vergangenes vergangener"
_NEXT = "nächste nächsten nächster nächstes nächstem kommende kommenden kommendes kommender"

WORDS: dict[str, str] = {
    "a": "ein eine einem einen einer",
    "the": "der die das den dem des",
    "of": "von",
    "on": "am an",
    "in": "in im",
    "within": "innerhalb_von binnen",
    "at": "um gegen zu",
    "over": "über übers während",
    "by": "bis_spätestens spätestens_am spätestens",
    "since": "seit seit_dem ab ab_dem",
    "until": "bis bis_zum bis_zu",
    "before": "vor_dem",
    "after": "nach nach_dem",
    "from": "von vom",
    "to": "zum",
    "between": "zwischen zwischen_dem",
    "and": "und",
    "number": (
        "zwei=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwölf=12 "
        "zwanzig=20 dreißig=30"
    ),
    "ordinal_word": "erste=1 ersten=1 zweite=2 zweiten=2 dritte=3 dritten=3 vierte=4 vierten=4",
    "weekday": (
        "montag=0 dienstag=1 mittwoch=2 donnerstag=3 freitag=4 samstag=5 sonnabend=5 sonntag=6"
    ),
    "wd": "mo=0 di=1 mi=2 do=3 fr=4 sa=5 so=6 mo.=0 di.=1 mi.=2 do.=3 fr.=4 sa.=5 so.=6",
    "weekdays": (
        "montags=0 dienstags=1 mittwochs=2 donnerstags=3 freitags=4 samstags=5 sonntags=6"
    ),
    "month": (
        "januar=1 jänner=1 februar=2 märz=3 april=4 mai=5 juni=6 juli=7 august=8 september=9 "
        "oktober=10 november=11 dezember=12"
    ),
    "mon": (
        "jan=1 feb=2 mär=3 apr=4 jun=6 jul=7 aug=8 sep=9 sept=9 okt=10 nov=11 dez=12 jan.=1 "
        "feb.=2 mär.=3 apr.=4 jun.=6 jul.=7 aug.=8 sep.=9 sept.=9 okt.=10 nov.=11 dez.=12"
    ),
    "season": "frühling=spring frühjahr=spring sommer=summer herbst=autumn winter=winter",
    "unit": (
        "tag=day woche=week wochenende=weekend monat=month quartal=quarter jahr=year "
        "jahrzehnt=decade stunde=hour minute=minute monats=month quartals=quarter jahres=year"
    ),
    "units": (
        "tage=day tagen=day wochen=week wochenenden=weekend monate=month monaten=month "
        "jahre=year jahren=year jahrzehnten=decade stunden=hour minuten=minute"
    ),
    "ago_first": "vor",
    "last": _LAST,
    "next": _NEXT,
    "this": "diese diesen dieser dieses diesem",
    "few": "paar wenigen einigen",
    "several": "mehreren",
    "every": "jede jeden jedes jeder",
    "early": "anfang",
    "mid": "mitte",
    "endof": "ende",
    "named_day": (
        "weihnachten=christmas heiligabend=christmas_eve heiligen_abend=christmas_eve "
        "silvester=new_year_eve neujahr=new_year ostern=easter ostersonntag=easter "
        "ostermontag=easter_monday karfreitag=good_friday pfingsten=pentecost "
        "valentinstag=valentine halloween nikolaus=st_nicholas himmelfahrt=ascension "
        "allerheiligen=all_saints"
    ),
    "oclock": "uhr",
    "dayword": (
        "heute=0 gestern=-1 vorgestern=-2 morgen=1 übermorgen=2 heute_morgen=0 heute_früh=0 "
        "heute_abend=0 gestern_abend=-1 morgen_früh=1 morgen_abend=1 heute_nacht=0 "
        "gestern_morgen=-1"
    ),
    "part": "früh vormittag mittag nachmittag abend nacht morgens abends nachmittags vormittags",
    "vague": "neulich=-30 kürzlich=-30 vor_kurzem=-30 letztens=-30",
    "ignored": (
        "guten_morgen guten_abend guten_tag gute_nacht frohe_weihnachten frohe_ostern guten_rutsch"
    ),
    "decade": "neunzigerjahre=1990 achtzigerjahre=1980 neunzigern=1990 achtzigern=1980",
    "quarter": "q1=1 q2=2 q3=3 q4=4",
}
