"""Follow-ups as people type them, with what each means; and questions that stand alone."""

from __future__ import annotations

from typing import NamedTuple

from cairn.core.answer.following.exchange import Exchange


class Pair(NamedTuple):
    earlier: Exchange
    said: str
    means: str


def _of(
    question: str, answer: str, *pairs: tuple[str, str], short: str = "", on: str = ""
) -> list[Pair]:
    exchange = Exchange(question, answer, short, on)
    return [Pair(exchange, said, means) for said, means in pairs]


ENGLISH = [
    *_of(
        "what did we decide about the garden budget?",
        "8 March 2026: Anna: Then let us agree on 400 for the garden budget.",
        ("and when was that?", "when did we decide about the garden budget?"),
        ("when?", "when did we decide about the garden budget?"),
        ("why?", "why did we decide about the garden budget?"),
        ("why was that?", "why did we decide about the garden budget?"),
        ("who suggested it?", "who suggested the garden budget?"),
        ("and who paid for it?", "who paid for the garden budget?"),
        ("what about the kitchen budget?", "what did we decide about the kitchen budget?"),
        ("and the kitchen?", "what did we decide about the kitchen budget?"),
        ("and for the holiday?", "what did we decide about the garden budget for the holiday?"),
        ("what about last year?", "what did we decide about the garden budget last year?"),
        ("where did we talk about it?", "where did we talk about the garden budget?"),
        ("did Ben agree to that?", "did Ben agree to the garden budget?"),
        ("tell me more", "tell me more about the garden budget"),
        ("is that still true?", "what did we decide about the garden budget?"),
        ("what did Ben say about that?", "what did Ben say about the garden budget?"),
        ("what happened the day before that?", "what happened on 7 March 2026?"),
        ("and the day after?", "what did we decide about the garden budget on 9 March 2026?"),
        ("what else?", "what else did we decide about the garden budget?"),
        ("only from Ben", "what did we decide about the garden budget from Ben?"),
        on="2026-03-08",
    ),
    *_of(
        "how much did the boiler service cost?",
        "The boiler service cost 189 euros in November 2025.",
        ("when was that?", "when was the boiler service?"),
        ("and when was it?", "when was the boiler service?"),
        ("who did it?", "who did the boiler service?"),
        ("who paid?", "who paid for the boiler service?"),
        ("what about the roof repair?", "how much did the roof repair cost?"),
        ("and in 2024?", "how much did the boiler service cost in 2024?"),
        ("where is the invoice for it?", "where is the invoice for the boiler service?"),
        ("why was it so expensive?", "why was the boiler service so expensive?"),
        ("when is the next one?", "when is the next service?"),
        short="189 euros",
        on="2025-11-12",
    ),
    *_of(
        "who did the boiler service?",
        "The boiler service was done by Brandl Heating on 12 November 2025.",
        ("and what about the rent?", "who did the rent?"),
        ("what about the roof repair?", "who did the roof repair?"),
        short="Brandl Heating",
    ),
    *_of(
        "how much was the boiler service?",
        "It was 189 euros.",
        ("and the rent?", "how much was the rent?"),
    ),
    *_of(
        "when does Anna's flight land?",
        "Anna's flight LH 450 lands on 3 May 2026 at 14:20.",
        ("and Ben?", "when does Ben's flight land?"),
        ("what about Ben's?", "when does Ben's flight land?"),
        ("where?", "where does Anna's flight land?"),
        ("where does it land?", "where does Anna's flight land?"),
        ("who picks her up?", "who picks Anna up?"),
        ("how long is she staying?", "how long is Anna staying?"),
        ("what's her phone number?", "what is Anna's phone number?"),
        ("what are we doing that day?", "what are we doing on 3 May 2026?"),
        ("and mine?", "when does my flight land?"),
        ("what did we plan for the week after?", "what did we plan for in the week of 4 May 2026?"),
        short="3 May 2026",
        on="2026-04-20",
    ),
    *_of(
        "who fixed the boiler?",
        "Carlo fixed the boiler on Tuesday.",
        ("when?", "when was it that Carlo fixed the boiler?"),
        ("and when was that?", "when was it that Carlo fixed the boiler?"),
        ("what's his phone number?", "what is Carlo's phone number?"),
        ("how much did he charge?", "how much did Carlo charge for the boiler?"),
        ("who else?", "who else fixed the boiler?"),
        ("and the washing machine?", "who fixed the washing machine?"),
        ("how did he fix it?", "how did Carlo fix the boiler?"),
        on="2025-11-12",
    ),
    *_of(
        "where did we go on holiday in 2024?",
        "We spent two weeks in Lisbon with the Meyers.",
        ("and in 2023?", "where did we go on holiday in 2023?"),
        ("who was with us there?", "who was with us in Lisbon?"),
        ("how did we get there?", "how did we get to Lisbon?"),
        ("and with whom?", "with whom did we go on holiday in 2024?"),
        ("how long?", "how long did we go on holiday in 2024?"),
        ("what about the year before?", "where did we go on holiday in 2023?"),
        ("why?", "why did we go on holiday in 2024?"),
        ("what was the hotel there called?", "what was the hotel in Lisbon called?"),
        short="Lisbon",
        on="2024-09-02",
    ),
    *_of(
        "when did Ben sign the lease?",
        "Ben signed the lease on 2 May 2023.",
        ("did Anna?", "did Anna sign the lease?"),
        ("did he?", "did Ben sign the lease?"),
        ("and Anna?", "when did Anna sign the lease?"),
        ("what does it cost?", "what does the lease cost?"),
        ("when does it end?", "when does the lease end?"),
        ("what did he say about the deposit?", "what did Ben say about the deposit?"),
        ("who witnessed that?", "who witnessed the lease?"),
        ("where did that happen?", "where did Ben sign the lease?"),
        ("two weeks later?", "when did Ben sign the lease in the week of 15 May 2023?"),
        ("what did I do the day before?", "what did I do on 1 May 2023?"),
        ("what did I write that month?", "what did I write in May 2023?"),
        ("what has changed since then?", "what has changed since 2 May 2023?"),
        short="2 May 2023",
        on="2023-05-02",
    ),
    *_of(
        "which plumber did we hire for the bathroom?",
        "We hired Rossi & Sons for the bathroom.",
        ("when?", "when did we hire the plumber for the bathroom?"),
        ("and for the kitchen?", "which plumber did we hire for the kitchen?"),
        ("how much did they charge?", "how much did Rossi & Sons charge?"),
        ("why?", "why did we hire the plumber for the bathroom?"),
    ),
    *_of(
        "what did mum say about the party?",
        "Mum: the party should be in the garden.",
        ("and dad?", "what did dad say about the party?"),
        ("what did dad say?", "what did dad say about the party?"),
        ("when is it?", "when is the party?"),
        ("who is coming to it?", "who is coming to the party?"),
        ("when did she say that?", "when did mum say the party?"),
        ("what about the present?", "what did mum say about the present?"),
        ("who came?", "who came to the party?"),
    ),
    *_of(
        "where is the tent kept?",
        "Up in the attic, behind the boxes with the winter clothes.",
        ("and the sleeping bags?", "where is the sleeping bags kept?"),
        ("since when?", "since when is the tent kept?"),
        ("who put it there?", "who put the tent in the attic?"),
        ("how old is it?", "how old is the tent?"),
        ("when did we buy it?", "when did we buy the tent?"),
        ("the red one?", "where is the red tent kept?"),
        ("what about the red one?", "where is the red tent kept?"),
    ),
    *_of(
        "what is our wifi password?",
        "The wifi password is heron-42.",
        ("since when?", "since when is our wifi password?"),
        ("who changed it?", "who changed our wifi password?"),
        ("and at the cabin?", "what is our wifi password at the cabin?"),
        ("and Ben's?", "what is Ben's wifi password?"),
        ("where did you find that?", "what is our wifi password?"),
    ),
    *_of(
        "is Ben coming to the wedding?",
        "Ben wrote that he will come.",
        ("and Anna?", "is Anna coming to the wedding?"),
        ("when is it?", "when is the wedding?"),
        ("is Anna too?", "is Anna coming to the wedding?"),
        ("when did he write that?", "when did Ben write the wedding?"),
        ("why not?", "why is Ben not coming to the wedding?"),
        ("what is he bringing?", "what is Ben bringing?"),
        ("who else?", "who else is coming to the wedding?"),
    ),
    *_of(
        "garden budget",
        "We agreed on 400 euros for the garden budget.",
        ("when was that?", "when was garden budget?"),
        ("who agreed to it?", "who agreed to garden budget?"),
    ),
    *_of(
        "what do I owe Sarah for the concert tickets?",
        "You owe Sarah 84 euros for the concert tickets.",
        ("and Ben?", "what do I owe Ben for the concert tickets?"),
        ("did I pay her?", "did I pay Sarah for the concert tickets?"),
        ("when did we buy them?", "when did we buy the concert tickets?"),
        ("not Sarah, Anna", "what do I owe Anna for the concert tickets?"),
    ),
]

SECOND = [
    *_of(
        "when is the dentist appointment?",
        "The appointment with Dr. Weiss is on 14 April 2026 at 9:30.",
        ("and the vet?", "when is the vet appointment?"),
        ("where is it?", "where is the dentist appointment?"),
        ("how long will it take?", "how long will the dentist appointment take?"),
        ("what else do I have that day?", "what else do I have on 14 April 2026?"),
        ("and the one with the lawyer?", "when is the appointment with the lawyer?"),
        ("can I move it?", "can I move the dentist appointment?"),
        ("do I have anything the day after?", "do I have anything on 15 April 2026?"),
        short="14 April 2026",
        on="2026-04-01",
    ),
    *_of(
        "what did Carlo charge for the new kitchen tap?",
        "Carlo charged 140 euros for the kitchen tap.",
        ("and for the shower?", "what did Carlo charge for the shower?"),
        ("was that with the tap itself?", "was the new kitchen tap with the tap itself?"),
        ("did he send an invoice?", "did Carlo send an invoice?"),
        ("when was he here?", "when was Carlo here?"),
        ("and Rossi?", "what did Rossi charge for the new kitchen tap?"),
        ("who recommended him?", "who recommended Carlo?"),
        ("how about the old tap?", "what did Carlo charge for the old tap?"),
        on="2026-02-03",
    ),
    *_of(
        "how old is the car?",
        "The car was bought new in June 2017.",
        ("where did we buy it?", "where did we buy the car?"),
        ("and the bike?", "how old is the bike?"),
        ("how much did it cost?", "how much did the car cost?"),
        ("when is its next inspection?", "when is the car's next inspection?"),
        ("who sold it to us?", "who sold the car to us?"),
        ("has it ever been repaired?", "has the car ever been repaired?"),
        on="2024-01-02",
    ),
    *_of(
        "who was at Marta's birthday dinner?",
        "Ben, Ana and the Kowalskis were at the dinner.",
        ("where was it?", "where was Marta's birthday dinner?"),
        ("when was that?", "when was Marta's birthday dinner?"),
        ("what did we give her?", "what did we give Marta?"),
        ("who else?", "who else was at Marta's birthday dinner?"),
        ("and at the wedding?", "who was at the wedding?"),
        ("what did we eat there?", "what did we eat at Marta's birthday dinner?"),
        ("how old did she turn?", "how old did Marta turn?"),
        on="2026-01-17",
    ),
    *_of(
        "did the landlord agree to repair the window?",
        "The landlord wrote that he will repair the window in June.",
        ("when did he write that?", "when did the landlord write the window?"),
        ("what did he say exactly?", "what did the landlord say exactly about the window?"),
        ("and the door?", "did the landlord agree to repair the door?"),
        ("why not?", "why did the landlord not agree to repair the window?"),
        ("what is his number?", "what is the landlord's number?"),
        ("has it been done?", "has the window been done?"),
        ("when?", "when did the landlord agree to repair the window?"),
        on="2026-05-02",
    ),
    *_of(
        "how many people came to the reading in Bremen?",
        "About sixty people came to the reading in Bremen.",
        ("and in Hamburg?", "how many people came to the reading in Hamburg?"),
        ("what did I read there?", "what did I read in Bremen?"),
        ("when was that?", "when was it that people came to the reading in Bremen?"),
        ("what about the workshop?", "how many people came to the workshop in Bremen?"),
        on="2025-10-01",
    ),
    *_of(
        "what does the insurance cover?",
        "The household insurance covers water and theft.",
        ("what does it cost?", "what does the insurance cost?"),
        ("since when do we have it?", "since when do we have the insurance?"),
        ("does it cover bikes?", "does the insurance cover bikes?"),
        ("and the old one?", "what does the old insurance cover?"),
        ("how do I cancel it?", "how do I cancel the insurance?"),
        ("any more details?", "tell me more about the insurance"),
        on="2023-01-05",
    ),
]

OTHERS = [
    *_of(
        "Was haben wir zum Gartenbudget beschlossen?",
        "Wir haben uns auf 400 Euro geeinigt.",
        ("und wann war das?", "Wann haben wir zum Gartenbudget beschlossen?"),
        ("warum?", "Warum haben wir zum Gartenbudget beschlossen?"),
        ("mehr dazu", "Was haben wir zum Gartenbudget beschlossen?"),
    ),
    *_of(
        "Wann hat Ben den Mietvertrag unterschrieben?",
        "Ben hat am 2. Mai 2023 unterschrieben.",
        ("und Anna?", "Wann hat Anna den Mietvertrag unterschrieben?"),
        ("was ist mit Anna?", "Wann hat Anna den Mietvertrag unterschrieben?"),
        ("wo?", "Wo hat Ben den Mietvertrag unterschrieben?"),
        ("und den Kaufvertrag?", "Wann hat Ben den Kaufvertrag unterschrieben?"),
    ),
    *_of("Wer kommt zum Fest?", "Anna kommt.", ("wer noch?", "Wer noch kommt zum Fest?")),
    *_of("Wo waren wir 2024 im Urlaub?", "In Wien.", ("und 2023?", "Wo waren wir 2023 im Urlaub?")),
    *_of(
        "Quand est-ce que Marie arrive à Lyon ?",
        "Marie arrive à Lyon le 3 mai.",
        ("et Paul ?", "Quand est-ce que Paul arrive à Lyon ?"),
        ("et pourquoi ?", "Pourquoi est-ce que Marie arrive à Lyon ?"),
        ("et à Paris ?", "Quand est-ce que Marie arrive à Paris ?"),
    ),
    *_of(
        "¿Cuándo llega Ana a Madrid?",
        "Ana llega el 3 de mayo.",
        ("¿y Pablo?", "¿Cuándo llega Pablo a Madrid?"),
        ("¿por qué?", "¿Por qué llega Ana a Madrid?"),
        ("¿y a Sevilla?", "¿Cuándo llega Ana a Sevilla?"),
    ),
]

ALONE = """
what did we decide about the kitchen floor?
when did Ben move to Lyon?
who fixed the washing machine in May?
how much was the boiler service?
where is the tent kept?
is there a note about the insurance?
are there any mails from the landlord?
what time is it?
how long does it take to drive to Lyon?
did Ben say when he would come back?
what did Anna tell us about her new job?
what is the name of the restaurant that we went to in Lisbon?
which car did Ben drive when he lived in Berlin?
when did mum sell her car?
who is the plumber that fixed the sink?
did it rain at the garden party?
what did Ben say about that restaurant in Lyon?
which files mention the lease?
what changed in notes since Monday?
what is new this week?
what did I do yesterday?
what happened on 3 May 2026?
what am I doing next week?
how do I restart the router?
why did we cancel the newspaper?
boiler
garden budget
wifi password
lease 2024
Ben phone number
tent poles
list all my doctors
what are my allergies?
did I ever go to Madrid?
who was at the wedding?
how old is Anna?
when is Anna's birthday?
when is my next appointment?
what was I working on last Tuesday?
how many people came to the party?
is it safe to use the old heater?
is it true that Ben sold the boat?
was there a party at the lake?
and when did Ben move to Lyon?
and what does the gym membership cost?
ok, what is the door code for the office?
which one of my accounts pays the rent?
does anyone know Carlo's address?
no one answered the mail from Acme, why did they stop?
what do I know about the one-bedroom flat in Porto?
tell me about the house that Jack built
tell me more about the garden budget
what did the doctor say about my knee after the operation?
how much money did we spend on groceries in May?
did Anna and Ben meet before they moved to Lyon?
when does the lease end and how much does it cost?
who wrote "the day before that" in the chat?
what is the recipe for grandma's apple pie?
only the mails from Ben about the lease
show me everything from the landlord since January
what did we agree on this year?
Wann hat Ben den Mietvertrag unterschrieben?
Wo ist das Zelt?
Was hat Anna über den Urlaub gesagt?
Quand est-ce que Marie arrive à Lyon ?
Où est la clé de la cave ?
¿Cuándo llega Ana a Madrid?
¿Dónde está la llave del sótano?
""".strip().splitlines()
