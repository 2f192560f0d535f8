"""Words that tell a name from other capitalised words, and one kind of name from another.

Used by `names.py`, in lower case without accents. The lists only have to hold what is common: a
name that is not here is still found by its place in a sentence.
"""

from __future__ import annotations

import unicodedata

_STROKES = str.maketrans({
    "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe",
    "þ": "th",
})  # fmt: skip
"""Letters that no mark can be taken from, as those write them who don't have them."""


def fold(text: str) -> str:
    """Lower case, without accents: `Müller` → `muller`, `Sørensen` → `sorensen`."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GIVEN = _words("""
aaron abby abigail adam adrian agnes ahmed aisha alan albert alberto alejandro alessandro alex
alexander alexandra alexandre alexis alfred ali alice alicia alina alison allison alma amanda
amelia amir amy ana anastasia anders andre andrea andreas andrew andy angela angelika anita anja
anna annabel anne annette annie anthony antje anton antonia antonio ariane arnaud arthur astrid
audrey axel barbara bastian beatrice beatrix ben benedikt benjamin bernd bernhard beth bianca
birgit bjorn bob boris brad brandon brenda brian bridget britta bruce bruno calvin camila camille
carl carla carlos carmen carol carolin carolina caroline carsten catherine cecile cecilia celine
charles charlie charlotte chiara chloe chris christa christian christiane christina christine
christoph christopher claire clara claudia claus clemens colin connor cristina cynthia daisuke dan
dana daniel daniela danielle danny david deborah denis dennis derek diana diego dieter dimitri
dirk dmitri dominik donald donna doris dorothea doug douglas dylan eddie edgar eduardo edward
elena eli elias elif elijah elisa elisabeth elise elizabeth ella ellen elsa emil emilia emilie
emily emma emmanuel enrique eric erica erik erika erin ernst esther ethan eugen eugene eva evelyn
ewa fabian fatima felicia felix fernanda fernando fiona florence florian francesca francesco
francis francisco francois franz frauke fred frederic frieda friedrich fritz gabriel gabriela
gabriele gareth gary geoff georg george gerald gerd gerhard gertrud gilles gina giulia giuseppe
gordon greg gregor guido guillaume gunnar gustav hanna hannah hannes hans harald harry hassan
heather heidi heike heinrich heinz helen helena helene helga henri henrik henry herbert hermann
hilda hiroshi holger horst howard hugo ian ida igor ilse imran ines inge ingo ingrid irene isaac
isabel isabella isabelle ivan jackie jacob jacqueline jacques jaime jakob james jamie jan jana
jane janet janine jason javier jean jeff jenna jennifer jenny jens jeremy jerome jessica jill jim
joan joana joanna joao jochen joe joel joerg johan johann johanna johannes john jon jonas jonathan
jorg jorge jose josef josefine joseph joshua juan judith julia julian juliane julie julien
juliette jurgen justin justine kai karen karim karin karl karla karsten katarina kate katharina
katherine kathleen kathrin kathy katie katja katrin kayla keith kelly ken kenji kenneth kerstin
kevin kim kirsten klara klaus konrad kristin kristina kurt kyle lara lars laura lauren laurent lea
leah leila lena leo leon leonard leonie leticia liam lina linda lisa logan lorenzo lothar louis
louise luc luca lucas lucia lucie lucy luigi luis luisa lukas lydia maja manfred manuel manuela
marc marcel marco marcus margaret margarita maria mariam marianne marie marina mario marion marius
mark marko markus marlene marta martha martin martina mary mateo mathias mathieu mathilde matt
matteo matthew matthias maurice max maximilian maya megan mehmet mei melanie melissa merle mia
michael michaela michel michele michelle miguel mika mike mila milena miriam mohamed mohammed
moira moritz muhammad mustafa nadia nadine nadja nancy naomi natalia natalie natasha nate nathan
nathalie nele niamh nicholas nick nico nicola nicolas nicole niklas nils nina noah nora norbert
norman olaf oleg olga oliver olivia olivier omar oscar oskar otto owen pablo pamela paolo pascal
patricia patrick patrik paul paula pauline pavel pedro penelope peter petra philip philipp
philippe phoebe pierre priya rachel rafael rainer ralf ralph raphael raquel rebecca regina
reinhard renate rene ricardo richard rita robert roberta roberto roger roland rolf romain roman
ronald rosa rosalie rosemary roxanne rudolf rupert ruth ryan sabina sabine sabrina said salma sam
samantha samir samuel sandra sara sarah sascha sean sebastian sergei sergio sharon sheila
siegfried sigrid silke silvia simon simone sofia sonia sonja sophia sophie stefan stefanie stella
stephan stephanie stephen steve steven stuart susan susanne suzanne sven sylvia sylvie tamara
tanja tanya tara tatiana ted teresa terry thea theo theodor theresa thierry thomas thorsten tiago
tim timo timothy tina tobias tom tomas toni tony torsten tracy udo ulf ulrich ulrike ursula ute
uwe valentina valentin valerie vanessa vera verena veronica veronika vicky victoria viktor
viktoria vincent viola virginia vivian vladimir volker walter wanda waltraud wendy werner wilhelm
wolfgang xavier yannick yasmin yoko yuki yuri yusuf yves yvonne zoe zoey
""")
"""Given names that are hardly ever another word, in English, German, French and Spanish."""

GIVEN_OR_WORD = _words("""
angel april art august autumn bill brook carter chance charity chase chuck claude cliff crystal
daisy dawn dean dick drew earl eve faith frank gene ginger glen grace grant guy hazel heath holly
hope hunter iris ivy jack jade jasmine jay jerry jesus joy june lance lily mason may melody mercy
miles misty nelson olive opal page pat patience pearl penny pierce pilar ray rich rob robin rock
rose ruby rusty sage sandy sally scarlett scott skip sky sofie star sterling sue summer susi
tanner trinity tucker violet wade ward will willow wolf
""")
"""Given names that are words as well: a sentence's beginning proves nothing about them."""

MONTHS_AND_DAYS = _words("""
mondays tuesdays wednesdays thursdays fridays saturdays sundays
january february march april may june july august september october november december jan feb mar
apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon
tue tues wed thu thur thurs fri sat sun januar februar marz mai juni juli oktober dezember montag
dienstag mittwoch donnerstag freitag samstag sonnabend sonntag janvier fevrier mars avril juin
juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi
dimanche enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
lunes martes miercoles jueves viernes sabado domingo
""")

NEVER = MONTHS_AND_DAYS | _words("""
i i'm i'll i've i'd im me my we you he she it they the a an and or but so if as at in on to of for
is was are be this that these those there here what when where who why how which all any some no
not yes yeah yep yup nope nah ok okay oh ah aw aww wow hey hi hello hiya bye goodbye thanks thank
thx ty please sorry congrats congratulations cheers well good great nice cool awesome amazing sure
right happy merry dear best regards love let let's do don't did does can could will would should
have has just also then now today tomorrow yesterday tonight morning evening night mr mrs ms miss
dr prof sir herr frau mom mum mommy mummy dad daddy mama papa grandma grandpa granny god jesus
lord gosh lol omg btw fyi asap tbh imo imho idk rofl lmao ps pps rip rsvp eta tba tbd am pm ad bc
cc bcc re fwd fw todo fixme note notes nb etc vs via hmm haha hahaha ha ugh yay hooray damn north
south east west new one two three first second next last image photo video file page section
chapter table figure step part appendix question answer example warning error true false none null
nan select from where und oder aber nicht ich du er sie es wir ihr ja nein bitte danke hallo liebe
lieber viele grusse guten sehr mit freundlichen grussen le la les el los las un une der die das
mon ma mi je tu il elle oui non merci bonjour salut cordialement bonsoir hola gracias si buenos
buenas saludos adios
""")
"""A name neither begins nor ends with these."""

NEVER_ALONE = _words("""
english german french spanish italian portuguese dutch swedish danish norwegian finnish polish
czech russian ukrainian turkish greek hungarian romanian arabic hebrew hindi chinese mandarin
japanese korean thai vietnamese american british irish scottish welsh european asian african
canadian australian mexican brazilian indian swiss austrian latin roman catholic christian jewish
muslim islamic buddhist hindu christmas xmas easter thanksgiving halloween hanukkah ramadan diwali
ostern weihnachten silvester noel navidad valentine's valentine internet web wifi wi-fi email
e-mail mail online tv pc dvd cd usb pdf html css xml json yaml csv sql http https url api cli gui
ui ux id ids ip cpu gpu ram ssd os ai ml llm llms io qa ci pr prs diy faq rss gps atm vip ceo cto
cfo hr phd bsc msc ba ma md usa uk eu un us nyc la dc readme markdown latex utf unicode ascii mit
bluetooth earth sun moon bible mbti lgbt lgbtq lgbtq+ covid covid-19 dna aka ssn iban vat mwst inc
ltd llc gmbh ag kg co corp
""")
"""Capitalised without being anybody's or anything's own name, or too common to say anything."""

TITLES = _words("""
mr mrs ms miss dr prof professor doctor sir madam herr herrn frau hr fr dr.med mme mlle monsieur
madame senor senora sr sra don dona signor signora
""")

KIN = _words("""
sister brother mother father mom mum dad wife husband partner girlfriend boyfriend fiance fiancee
son daughter kid child baby uncle aunt cousin niece nephew grandma grandpa grandmother grandfather
stepson stepdaughter friend buddy bestie colleague coworker co-worker boss manager neighbor
neighbour roommate flatmate landlord landlady teacher therapist dentist schwester bruder mutter
vater mann sohn tochter onkel tante cousine nichte neffe oma opa freund freundin kollege kollegin
chef chefin nachbar nachbarin soeur frere mere pere mari femme fils fille oncle cousine ami amie
collegue voisin voisine hermana hermano madre padre esposa esposo marido hija hijo tia tio prima
primo amiga amigo jefe jefa
""")
"""Whoever comes after "my sister" is a person."""

POSSESSIVE = _words("""
my our his her their your mein meine meiner meinem meinen unser unsere unserer ihr ihre sein seine
deine dein mon ma mes notre son sa mi mis nuestra nuestro su
""")

PETS = _words("""
dog cat puppy kitten hamster rabbit pup horse parrot hund katze chien chat perro gato
""")

ORG_END = _words("""
inc ltd llc plc corp corporation company gmbh ag kg ug sa sarl sas bv nv oy ab srl spa university
college institute foundation hospital clinic bank group association society council ministry
universitat hochschule stiftung krankenhaus verein agency airlines insurance ventures labs
""")
ORG_START = _words("""
university universitat universite universidad bank ministry institute hochschule
""")
ORG_VERBS = _words("""
work works worked working intern interned internship job arbeite arbeitet
""")

PROJECT_WORDS = _words("project projekt projet proyecto repo repository codebase")

PLACE_VERBS = _words("""
live lives lived living move moves moved moving born travel travels travelled traveled traveling
travelling trip trips flight flights fly flew flying drive drove driving went go going vacation
holiday holidays weekend arrived arriving grew visit stayed staying stay headed heading roadtrip
relocate relocated relocating
""")
PLACE_PREPOSITIONS = _words("in to from near around")
PLACE_VISITS = _words("visited visiting toured touring")

PLACES = _words("""
germany austria switzerland france spain italy portugal greece poland hungary czechia romania
bulgaria croatia serbia slovenia slovakia ukraine russia finland sweden norway denmark iceland
ireland england scotland wales britain netherlands belgium luxembourg canada mexico brazil
argentina chile peru colombia cuba japan korea india pakistan thailand vietnam indonesia malaysia
singapore philippines australia egypt morocco kenya nigeria ghana israel iran iraq lebanon europe
asia africa america california texas florida oregon alaska hawaii colorado arizona michigan ohio
deutschland osterreich schweiz frankreich spanien italien griechenland polen ungarn espana italia
berlin munich munchen hamburg cologne koln frankfurt stuttgart dresden leipzig nuremberg vienna
wien graz salzburg zurich geneva genf basel bern lyon paris marseille bordeaux toulouse london
manchester edinburgh glasgow dublin oxford cambridge amsterdam rotterdam utrecht brussels antwerp
copenhagen stockholm oslo helsinki warsaw krakow prague budapest bucharest athens rome roma milan
milano turin florence venice naples madrid barcelona seville sevilla valencia lisbon lisboa porto
istanbul ankara moscow kyiv kiev tokyo osaka kyoto beijing shanghai seoul taipei bangkok hanoi
mumbai delhi bangalore karachi dubai cairo nairobi lagos sydney melbourne auckland toronto
montreal vancouver boston chicago seattle portland denver austin dallas houston miami atlanta
philadelphia detroit phoenix minneapolis brooklyn manhattan
""")
LONG_PLACES = _words("""
new_york new_york_city los_angeles san_francisco san_diego las_vegas new_orleans new_zealand
united_states united_kingdom south_africa south_korea north_america south_america hong_kong
mexico_city buenos_aires sao_paulo rio_de_janeiro costa_rica sri_lanka saudi_arabia puerto_rico
tel_aviv cape_town new_jersey new_mexico north_carolina south_carolina saint_petersburg
""")

PARTICLES = _words("of de da di del della van von der den du la le dos das y zu zum")
"""Small words inside a name, between two that are capitalised."""

OPEN_LANGUAGES = _words("""
the and of is are was were have has with you your my this that it's i'm don't what for not but
they we be to on at from she he our will would can just so about le les des est une dans pour avec
nous vous pas que je il elle sur mais sont au aux ce el los las una por para con que es esta muy
pero como mi nos yo lo al il che di per sono con della gli una ho mi anche ma
""")
"""Languages that write capitals inside a sentence for names only; one such word is evidence."""
GERMAN = _words("""
der das und ist nicht ich ein eine einen einem einer mit dem den auf fur sich auch wird wir sie
haben habe hatte bei nach wenn oder aber dass noch schon sehr mir mich uns zum zur vom beim kann
heute morgen gestern mein meine dein ihr euch bin bist sind war wurde werden als wie nur doch mal
""")
"""German capitalises every noun."""

PLAIN_FOLDERS = _words("""
home user users work tmp temp src code projects project repos repo dev documents desktop downloads
dokumente git github workspace main master root app apps lib test tests data files stuff misc new
""")
PLAIN_FILES = _words("""
readme.md index.html index.js index.ts __init__.py main.py package.json setup.py pyproject.toml
requirements.txt license.txt license.md contributing.md changelog.md makefile.am settings.json
tsconfig.json agents.md claude.md todo.md notes.md
""")
NOT_HANDLES = _words("""
everyone here channel all media import param return returns property override staticmethod
classmethod dataclass test component injectable input output types todo deprecated gmail
""")
ROLES = _words("""
info support contact help noreply no-reply donotreply do-not-reply team hello mail office admin
newsletter news service sales billing marketing press jobs webmaster postmaster notifications
notification updates security abuse kontakt post buchhaltung rechnung orders shop
""")
"""What an address says before the @ that is nobody's name."""
