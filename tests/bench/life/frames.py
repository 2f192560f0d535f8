"""The ways in which people say that they decided, like, promise, did, or don't know something.

`deck.py` fills the slots: {do} a verb phrase, {noun}, {p} another person, {on} and {by} dates.
"""

from __future__ import annotations

DECISIONS = (
    "We agreed to {do}.",
    "So that's settled then, we {do}.",
    "Talked it over with {p} last night and we're going to {do}.",
    "Decision from today: {do}.",
    "I've made up my mind, we will {do}.",
    "{Noun} it is then, no more debate.",
    "After three evenings of spreadsheets we've settled on {noun}.",
    "In the end we chose {noun} for the {about}.",
    "We voted, and it's {noun}.",
    "Right, we {do}, and I don't want to hear about {against} again.",
    "{p} and I are both on board now: we {do}.",
    "Final answer on the {about}: {noun}.",
    "We ruled out {against}, so {noun} it will be.",
    "It took a while but {p} came round, and the plan now is to {do}.",
    "We're not changing this again: {noun}.",
    "I signed it off this morning: we {do}.",
    "The group landed on {noun}.",
    "Everyone was fine with {noun}, so that's what we're doing about the {about}.",
    "From now on the rule for the {about} is {noun}.",
    "Slept on it for a week and the verdict on the {about} is {noun}.",
    "OK, going with {noun} for the {about}.",
    "Resolved: {do}.",
    "{p} had the casting vote and picked {noun}, so we stick to that.",
    "We've decided against {against}; we'll {do} instead.",
    "No to {against}, yes to {noun}, and {p} is happy too.",
)
DECISIONS_DE = (
    "Beschlossen: wir nehmen {de}.",
    "Wir haben uns jetzt für {de} entschieden.",
    "{p} und ich sind uns einig, wir nehmen {de}.",
    "Nach langem Hin und Her wird es jetzt doch so gemacht: {de}.",
)
MINUTED_DECISIONS = (
    "Decided: {do}.",
    "Decision on the {about}: {noun}, unanimous.",
    "The team will {do} (carried, one abstention).",
    "{about_}: agreed on {noun}.",
    "Vote: {noun} wins over {against}, 4 to 1.",
)
LIKES = (
    "I prefer {a} to {b}.",
    "Give me {a} over {b} any day.",
    "My favourite {klass} is still {a}.",
    "I'd always rather {do} than have anything to do with {b}.",
    "For me it's {a} every time.",
    "When I can choose, I {do}.",
    "I have a soft spot for {a}.",
    "Between {a} and {b} I take {a}, no question.",
    "I've come to love {a}.",
    "Ever since the winter I {do}, nothing else will do.",
    "If you book or buy something for me: {a}, please, not {b}.",
    "I much prefer it when I can {do}.",
    "There's no better {klass} than {a} as far as I'm concerned.",
    "I really enjoy {a}.",
    "I always {do}.",
)
DISLIKES = (
    "I can't stand {x}.",
    "{X} and I will never be friends.",
    "I'm not a fan of {x}.",
    "No {x} for me, thanks, not now and not ever.",
    "I hate {x}, always have.",
    "Please spare me {x}.",
    "If there is one thing I avoid, it's {x}.",
    "I've gone off {x} completely.",
    "{X}: never again.",
    "I really dislike {x}.",
    "I could do without {x} for the rest of my life.",
    "You know how I feel about {x}: no.",
)
LIKES_DE = (
    "Ich mag {a} einfach lieber als {b}.",
    "Am liebsten ist mir {a}.",
    "Mit {b} kann ich nichts anfangen, ich nehme immer {a}.",
)
LIKED_DE = (
    ("Roggenbrot", "Brötchen"), ("die Straßenbahn", "Autofahren"), ("Bergseen", "Hallenbäder"),
    ("Papierkarten", "Navis"), ("bitterer Kakao", "Limonade"), ("Sonntagsdienst", "Nachtschicht"),
)  # fmt: skip
AHEAD = (
    "{who} has {what} {on}.",
    "Put it in the calendar: {what} for {who} {on}.",
    "{On} at {time} {who} has {what}.",
    "It's official, {who}'s date is set: {what} {on}.",
    "{who} told me that {what} is {on}, {time}.",
    "Don't plan anything {on}, {who} has {what}.",
    "{What} is coming up {on}, {who} is nervous already.",
    "They moved {what} for {who}, it's {on} now.",
    "Can you keep the kids {on}? {who} has {what} at {time}.",
    "{On}: {who}, {what}, {time}.",
    "{who} got the letter, {what} will be {on}.",
    "Reminder that {who} has {what} {on} and needs a lift at {time}.",
)
AHEAD_DE = (
    "{who} hat {on} {de}.",
    "{On} um {time} hat {who} {de}, bitte nichts anderes planen.",
    "Nicht vergessen: {who} hat {on} {de}.",
)
BEHIND = (
    "{On} {clause}.",
    "{Clause} {on}.",
    "Big news: {clause} {on}!",
    "I should write this down: {clause} {on}.",
    "You missed a lot, {clause} {on}.",
    "For the record, {clause} {on}.",
    "Can you believe it, {on} {clause}.",
)
PROMISES = (
    "I'll {do} by {by}.",
    "Will do, you'll have {noun} by {by}.",
    "Leave {noun} with me, it will be done by {by}.",
    "I promise to {do} by {by}.",
    "Count on me, I'm going to {do} before {by} is over.",
    "{Noun}: that's on me, by {by} at the latest.",
    "You have my word that I'll {do} by {by}.",
    "I still owe you {noun}, you get it by {by}.",
    "On it, expect {noun} by {by}.",
    "I can take that on and {do} by {by}, no need to remind me.",
    "Consider it done, I'll {do} and report back by {by}.",
    "Sorry for the delay, I will {do} by {by}.",
    "I'll make sure to {do} by {by}.",
    "OK, my turn then: I'll {do}, by {by}.",
    "I said I'd {do}, and I will, by {by}.",
    "Let me {do}, you'll hear from me by {by}.",
    "By {by} I'll {do}, cross my heart.",
    "I've put it on my list and will {do} by {by}.",
)
NOTED_PROMISES = (
    "Promised {p} to {do} by {by}.",
    "Told {p} I'd {do} by {by}.",
    "I owe {p} {noun}, due by {by}.",
    "{p} gets {noun} from me by {by}, I gave my word.",
    "Said yes to {p}: I'm to {do} by {by}.",
    "Must not forget that I promised to {do} by {by}.",
    "{p} counts on me to {do} by {by}.",
)
PROMISES_DE = (
    "Ich kümmere mich um {de} bis {by}.",
    "Versprochen, du bekommst {de} bis {by}.",
    "Ich mache {de} bis {by} fertig.",
)
MINUTED_PROMISES = (
    "{p} will {do} by {by}.",
    "Action: {p} to {do}, due {by}.",
    "{p} takes {noun}, by {by}.",
    "{p} promised to {do} by {by}.",
)
QUESTIONS = (
    "Still open: {wh}.",
    "We still don't know {wh}.",
    "I need to find out {wh}.",
    "Unclear to all of us: {wh}.",
    "Nobody could tell me {wh}.",
    "Question that is left over from today: {wh}?",
    "Does anyone know {wh}? I have asked everybody I could think of.",
    "To be clarified: {wh}.",
    "No idea yet {wh}, and it bothers me.",
    "What I haven't got an answer to is {wh}.",
    "Someone should find out {wh}.",
    "The open point remains {wh}.",
    "I asked again {wh}, but nobody has replied so far.",
    "Must ask around {wh}.",
    "We left it open {wh}.",
)
QUESTIONS_DE = (
    ("Noch offen: wer im Oktober die Katze füttert.", "cat in October"),
    ("Wir wissen immer noch nicht, wer die Hecke schneiden muss.", "hedge"),
    ("Zu klären: ob der Keller eine zweite Tür braucht.", "cellar door"),
    ("Mir konnte keiner sagen, wann die Straße wieder aufmacht.", "street"),
)
