"""Facts about people, things and projects of the invented life, each in several phrasings.

Used by `deck.py`. A fact is its subject, attribute and value; which phrasing it gets is chance.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    subject: str
    attribute: str
    value: str


PHRASINGS: dict[str, tuple[str, ...]] = {
    "birthday": (
        "{s}'s birthday is {v}.",
        "{s} was born on {v}.",
        "{s} turns a year older on {v}, as every year.",
        "For the calendar: {v}, birthday of {s}.",
    ),
    "allergy": (
        "{s} is allergic to {v}.",
        "{s} can't eat anything with {v}, it makes the throat swell.",
        "Careful when cooking for {s}: no {v}, that's an allergy and not a whim.",
        "Turns out {s} has an allergy to {v}.",
    ),
    "job": (
        "{s} works as {v}.",
        "{s} is {v} by trade.",
        "By day {s} is {v}.",
        "{s} earns a living as {v}.",
    ),
    "home": (
        "{s} lives in {v}.",
        "{s} has a flat in {v}.",
        "{s} is based in {v} these days.",
    ),
    "origin": (
        "{s} grew up in {v}.",
        "{s} comes from {v} originally.",
        "{s} spent the first eighteen years in {v}.",
    ),
    "phone": (
        "{s}'s number is {v}.",
        "You can reach {s} at {v}.",
        "Tel. {s}: {v}",
        "{s}, phone {v}.",
    ),
    "mail": (
        "{s} reads mail at {v}.",
        "The address for mails to {s} is {v}.",
    ),
    "size": (
        "{s} wears size {v}.",
        "Shoes for {s}: size {v}.",
        "{s} has shoe size {v} now.",
    ),
    "pet": (
        "{s} has {v}.",
        "{s} keeps {v}.",
        "{s} shares the flat with {v}.",
    ),
    "language": (
        "{s} speaks {v}.",
        "{s} grew up with {v} at home.",
        "With {s} you can speak {v}.",
    ),
    "medicine": (
        "{s} takes {v} every morning.",
        "The doctor put {s} on {v}.",
    ),
    "car": (
        "{s} drives {v}.",
        "{s}'s car is {v}.",
    ),
    "instrument": (
        "{s} plays {v}.",
        "{s} has played {v} since school.",
    ),
    "family": (
        "{s} is {v}.",
        "By the way, {s} is {v}.",
    ),
    "deadline": (
        "The deadline for {s} is {v}.",
        "{s} has to be finished on {v}.",
        "{s} is due {v}.",
        "Delivery date of {s}: {v}.",
    ),
    "budget": (
        "The budget for {s} is {v}.",
        "We have {v} for {s}.",
        "{s} may cost {v}, everything included.",
    ),
    "lead": (
        "{v} leads {s}.",
        "{s} is run by {v}.",
        "{v} is in charge of {s}.",
    ),
    "built": (
        "{s} is written in {v}.",
        "{s} runs on {v}.",
        "Under the hood {s} is {v}.",
    ),
    "client": (
        "The client behind {s} is {v}.",
        "{s} is for {v}.",
    ),
    "measure": (
        "{s} measures {v}.",
        "{s} is {v}.",
        "I measured {s}: {v}.",
    ),
    "number": (
        "{s} has the number {v}.",
        "The number of {s} is {v}.",
    ),
    "hours": (
        "{s} is open {v}.",
        "Opening hours of {s}: {v}.",
    ),
    "place": (
        "{s} is kept in {v}.",
        "You find {s} in {v}.",
        "We keep {s} in {v}.",
    ),
    "price": (
        "{s} costs {v}.",
        "We pay {v} for {s}.",
        "{s} comes to {v}.",
    ),
    "Beruf": (
        "{s} arbeitet als {v}.",
        "{s} ist {v} von Beruf.",
    ),
    "Geburtstag": (
        "{s} hat am {v} Geburtstag.",
        "{s} ist am {v} geboren.",
    ),
    "Wohnort": (
        "{s} wohnt in {v}.",
        "{s} ist in {v} zu Hause.",
    ),
}
_ROWS = """
birthday|Lotte|14 March; Emil|2 November; Tom|19 August; Helga|30 May; Priya|7 January
birthday|Marek|23 June; Sofia|11 October; Dana|4 December
allergy|Emil|hazelnuts; Priya|sesame; Yusuf|shellfish; Lotte|kiwis; Rashid|cashews
job|Marek|a cabinet maker; Sofia|a marine biologist; Priya|an anaesthetist
job|Yusuf|a court interpreter; Anders|a ferry captain; Jakob|a piano tuner
home|Sofia|Uppsala; Jakob|Freiburg; Yusuf|the Neustadt; Dana|Delmenhorst; Marek|Worpswede
origin|Priya|Chennai; Marek|Gdynia; Rashid|Herat; Dana|Lagos; Bruno|Braga
phone|Frau Petersen|0421 555 0133; Olaf Brandt|04792 555 0117; the paediatrician|0421 555 0160
phone|the chimney sweep|0421 555 0188; Kathrin|0170 555 0142; the emergency plumber|0421 555 0199
mail|Alan Pryce|alan.pryce@kestrel.example; the choir|hello@quayside.example
size|Lotte|34; Emil|30; Tom|44
pet|Yusuf|two budgerigars; Frau Petersen|an old dachshund called Waldi; Sofia|a tortoise
language|Dana|Yoruba; Bruno|Portuguese; Rashid|Dari; Anders|Swedish; Marek|Polish
medicine|Helga|ramipril; Jakob|levothyroxine
car|Jakob|a green Volvo estate; Marek|an old Mercedes bus; Kathrin|a Renault Zoe
instrument|Tom|the double bass; Yusuf|the oud; Bruno|the accordion
family|Anders|Sofia's husband; Noah|Emil's best friend; Frau Petersen|Tom's godmother
family|Lena Brandt|the daughter of our carpenter; Karl|Helga's younger brother
deadline|the Heron prototype|30 April 2025; the catalogue|12 September 2025
deadline|the attic permit|1 March 2025; the fair stand|20 October 2025
deadline|the Polish shop|15 January 2026; the grant report|31 May 2026
budget|the fair stand|18,000 euros; the kitchen|14,500 euros; the street party|350 euros
budget|the catalogue|6,200 euros; the Polish shop|40,000 euros
lead|the catalogue|Bruno; the invoice importer|Rashid; the fair stand|Lena
built|the invoice importer|Python and SQLite; the label printer service|Rust
built|the client portal|SvelteKit; the sensor gateway|an ESP32 board
client|Heron|Kestrel Foods; the tide display|the harbour museum
measure|the attic window|114 by 140 cm; the hall|6.2 metres long; the shed|2.4 by 3 metres
measure|the kitchen niche|61 cm wide; Lotte's desk|120 by 60 cm
number|our customer account at Weserstrom|7730-418-2; the household insurance policy|HR 55-20871
number|Emil's library card|B-204417; the allotment parcel|117
hours|the recycling yard|Tuesday to Saturday from 8 to 4; the town library|until seven on Thursdays
hours|the paediatrician's practice|mornings only, except on Wednesdays
place|the fuse for the shed|the blue tin in the hall; the spare bike key|the piano stool
place|the passport folder|the grey box under the stairs; the tent bag|the cellar of the Petersens
place|the water meter|the cupboard behind the washing machine
price|the rowing club|38 euros a month; the cello rental|24 euros a month; the allotment|310 a year
price|the cleaning of the gutters|180 euros; a place in the choir weekend|95 euros
Beruf|Karl|Lokführer; Gesine|Hebamme; Herr Tönnies|Dachdecker
Geburtstag|Karl|3. Februar; Gesine|28. September; Oma Lisbeth|17. Juli
Wohnort|Karl|Oldenburg; Gesine|Vegesack; Herr Tönnies|Ritterhude
"""


def _read() -> tuple[Fact, ...]:
    found = []
    for row in _ROWS.strip().splitlines():
        attribute, rest = row.split("|", 1)
        for pair in rest.split("; "):
            subject, value = pair.split("|")
            found.append(Fact(subject, attribute, value))
    return tuple(found)


FACTS = _read()
