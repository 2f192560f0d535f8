"""The French words of dates, by the name of the node that they make."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "a": "un une",
    "the": "le la les l'",
    "of": "de du d' des de_la de_l'",
    "on": "au ce_jour",
    "in": "en",
    "hence_first": "dans d'ici",
    "at": "à vers",
    "over": "pendant durant au_cours_de",
    "by": "avant_le d'ici_le d'ici_à",
    "since": "depuis depuis_le à_partir_de à_partir_du dès",
    "until": "jusqu'à jusqu'au jusqu'en",
    "before": "avant",
    "after": "après",
    "from": "de du",
    "to": "au à",
    "between": "entre",
    "and": "et",
    "number": (
        "deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 "
        "quinze=15 vingt=20 trente=30"
    ),
    "ordinal_word": "premier=1 première=1 deuxième=2 troisième=3 quatrième=4",
    "weekday": "lundi=0 mardi=1 mercredi=2 jeudi=3 vendredi=4 samedi=5 dimanche=6",
    "weekdays": "lundis=0 mardis=1 mercredis=2 jeudis=3 vendredis=4 samedis=5 dimanches=6",
    "month": (
        "janvier=1 février=2 fevrier=2 avril=4 mai=5 juin=6 juillet=7 août=8 aout=8 septembre=9 "
        "octobre=10 novembre=11 décembre=12 decembre=12"
    ),
    "mon": (
        "mars=3 janv=1 févr=2 avr=4 juil=7 oct=10 nov=11 déc=12 janv.=1 févr.=2 avr.=4 juil.=7 "
        "sept.=9 oct.=10 nov.=11 déc.=12"
    ),
    "season": "printemps=spring été=summer automne=autumn hiver=winter",
    "unit": (
        "jour=day semaine=week week-end=weekend weekend=weekend mois=month trimestre=quarter "
        "an=year année=year décennie=decade heure=hour minute=minute"
    ),
    "units": (
        "jours=day semaines=week week-ends=weekend ans=year années=year heures=hour "
        "minutes=minute trimestres=quarter"
    ),
    "ago_first": "il_y_a y_a",
    "last_after": "dernier dernière passé passée derniers dernières",
    "next_after": "prochain prochaine prochains prochaines",
    "this": "ce cet cette",
    "couple": "deux_ou_trois",
    "few": "quelques",
    "several": "plusieurs",
    "every": "chaque tous_les toutes_les",
    "beginof": "début",
    "mid": "mi milieu",
    "endof": "fin",
    "named_day": (
        "noël=christmas noel=christmas saint-sylvestre=new_year_eve nouvel_an=new_year "
        "jour_de_l'an=new_year pâques=easter lundi_de_pâques=easter_monday pentecôte=pentecost "
        "ascension=ascension saint-valentin=valentine halloween toussaint=all_saints"
    ),
    "oclock": "h heures",
    "clock": "midi=12:00 minuit=00:00",
    "dayword": (
        "aujourd'hui=0 hier=-1 avant-hier=-2 demain=1 après-demain=2 hier_soir=-1 ce_soir=0 "
        "ce_matin=0 cet_après-midi=0 hier_matin=-1 demain_matin=1 demain_soir=1"
    ),
    "part": "matin après-midi soir nuit",
    "vague": "récemment=-30 dernièrement=-30 l'autre_jour=-7",
    "ignored": "joyeux_noël joyeuses_pâques bonne_journée mars_attacks",
    "quarter": "t1=1 t2=2 t3=3 t4=4 q1=1 q2=2 q3=3 q4=4",
}
