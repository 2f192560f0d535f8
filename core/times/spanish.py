"""The Spanish words of dates, by the name of the node that they make."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "a": "un una",
    "the": "el la los las",
    "of": "de del de_la",
    "on": "al",
    "in": "en",
    "hence_first": "dentro_de",
    "at": "a hacia sobre",
    "over": "durante",
    "by": "para antes_del",
    "since": "desde a_partir_de a_partir_del",
    "until": "hasta",
    "before": "antes_de",
    "after": "después_de después_del",
    "from": "de del",
    "to": "a al",
    "between": "entre",
    "and": "y",
    "number": (
        "dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 "
        "quince=15 veinte=20 treinta=30"
    ),
    "ordinal_word": "primer=1 primero=1 primera=1 segundo=2 segunda=2 tercer=3 tercera=3",
    "weekday": (
        "lunes=0 martes=1 miércoles=2 miercoles=2 jueves=3 viernes=4 sábado=5 sabado=5 domingo=6"
    ),
    "weekdays": "sábados=5 domingos=6",
    "month": (
        "enero=1 febrero=2 marzo=3 abril=4 mayo=5 junio=6 julio=7 agosto=8 septiembre=9 "
        "setiembre=9 octubre=10 noviembre=11 diciembre=12"
    ),
    "mon": (
        "ene=1 feb=2 abr=4 jun=6 jul=7 ago=8 sept=9 oct=10 nov=11 dic=12 ene.=1 feb.=2 abr.=4 "
        "jun.=6 jul.=7 ago.=8 sept.=9 oct.=10 nov.=11 dic.=12"
    ),
    "season": "primavera=spring verano=summer otoño=autumn invierno=winter",
    "unit": (
        "fin_de_semana=weekend día=day dia=day semana=week mes=month trimestre=quarter "
        "año=year década=decade hora=hour minuto=minute"
    ),
    "units": (
        "fines_de_semana=weekend días=day dias=day semanas=week meses=month años=year "
        "décadas=decade horas=hour minutos=minute"
    ),
    "ago_first": "hace",
    "ago": "atrás",
    "last": "último última ultimo ultima",
    "last_after": "pasado pasada pasados pasadas",
    "next": "próximo próxima proximo proxima",
    "next_after": "que_viene",
    "this": "este esta",
    "couple": "par",
    "few": "unos unas pocos pocas",
    "several": "varios varias algunos algunas",
    "every": "cada todos_los todas_las",
    "beginof": "principios comienzos inicios",
    "mid": "mediados",
    "endof": "finales fin",
    "named_day": (
        "navidad=christmas nochebuena=christmas_eve nochevieja=new_year_eve año_nuevo=new_year "
        "domingo_de_pascua=easter pascua=easter viernes_santo=good_friday "
        "san_valentín=valentine halloween día_de_reyes=epiphany"
    ),
    "clock": "mediodía=12:00 medianoche=00:00",
    "dayword": (
        "hoy=0 ayer=-1 anteayer=-2 antes_de_ayer=-2 mañana=1 pasado_mañana=2 anoche=-1 "
        "esta_mañana=0 esta_tarde=0 esta_noche=0 ayer_por_la_tarde=-1 ayer_por_la_noche=-1 "
        "mañana_por_la_mañana=1 mañana_por_la_tarde=1"
    ),
    "part": "por_la_mañana por_la_tarde por_la_noche tarde noche",
    "vague": "recientemente=-30 últimamente=-30 hace_poco=-30 el_otro_día=-7",
    "ignored": "feliz_navidad feliz_año_nuevo buenos_días la_mañana",
    "quarter": "t1=1 t2=2 t3=3 t4=4 q1=1 q2=2 q3=3 q4=4",
}
