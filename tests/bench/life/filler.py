"""What stands around the planted sentences and must yield nothing: small talk, and traps.

Used by `deck.py`. A trap looks like something to keep and is not: the sort says why.
"""

from __future__ import annotations

CHAT = (
    "Morning!", "Hey, how are you doing?", "Ha, good one.", "Sounds good.",
    "Haha, that's brilliant.",
    "Oh wow.", "Sleep well!", "No worries at all.", "See you later then.", "Thanks so much!",
    "Lovely picture, by the way.", "Hope the day wasn't too long.", "Right, I'm off, talk soon.",
    "Just checking in.", "Ugh, Mondays.", "That made me laugh.", "Same here to be honest.",
    "Good luck with everything!", "Sorry, only saw this now.", "What a week.",
    "Perfect, thank you.",
    "Rain again, of course.", "How was your weekend?", "Not much going on here.",
    "You're the best.",
    "Long day, I'm ready for the sofa.", "Fingers crossed.", "Well, that's life.", "Miss you all.",
    "Did you see that sunset?", "Oh no, poor you.", "Yes!", "Hm.", "Fair enough.", "Big hug.",
    "That sounds wonderful, I'm happy for you.", "Nothing to add from my side.",
    "It's one of those days, isn't it?", "You never know with these things.", "Me too.",
)  # fmt: skip
CHAT_DE = (
    "Moin!",
    "Na, wie geht's?",
    "Haha, sehr gut.",
    "Bis später.",
    "Danke dir!",
    "Ach herrje.",
    "Schlaf schön!",
    "Klingt gut.",
    "Drück dich.",
    "Was für ein Wetter.",
    "Alles klar.",
    "Ich bin völlig erledigt.",
    "Wie schön!",
    "Na dann viel Spaß.",
    "Kenne ich gut.",
)
PROSE = (
    "The light over the Weser was unreal this evening.",
    "Coffee first, everything else later.",
    "It was one of those days on which nothing sticks.",
    "The tram was packed as usual.",
    "Quite a lot of noise for such a small street.",
    "Mostly mails and small stuff otherwise.",
    "I keep thinking about that film.",
    "Strange how quickly the week went by.",
    "There is something soothing about rain on the roof.",
    "The kids were in a good mood, which helps.",
    "Wrote this down mainly to get it out of my head.",
    "More on that another time.",
    "The bakery had run out of everything, naturally.",
    "A grey sky, the kind that makes you want soup.",
    "Enough for today.",
    "Nice conversation, lots of laughter.",
    "I had forgotten how steep that hill is.",
    "Somebody was practising the trumpet again.",
)
MAIL_OPEN = (
    "thanks for your mail.", "I hope you are well.", "sorry for the late reply.",
    "just a short note between two meetings.", "it was lovely to hear from you.",
    "a quick update from here.", "good to see you the other day.",
)  # fmt: skip
MAIL_CLOSE = (
    "Let me know what you think.", "More soon.", "Have a good weekend!", "Talk soon.",
    "Greetings to everybody.", "Take care.", "Looking forward to hearing from you.",
)  # fmt: skip
TRAPS = {
    "hypothetical": (
        "If we ever moved to Lisbon, I'd open a café by the river.",
        "Imagine we agreed on a boat instead of a kitchen, the children would cheer.",
        "Suppose Kestrel left, we would have to decide everything from scratch.",
        "If I were allergic to cats, I'd have noticed by now.",
        "If they drop the price by half we'd go with the big one, but they won't.",
        "Had I known about the strike, I would have taken the ferry.",
        "Let's say the launch were on 1 May, what would that change?",
        "Assuming I lived in Oslo, which I don't, my rent would be double.",
    ),
    "hedge": (
        "I might call the notary on Friday, or maybe not.",
        "Perhaps we go to Denmark, perhaps we stay at home.",
        "I could imagine taking up the harp one day.",
        "Maybe I'll send it by Monday, but don't count on it.",
        "Not sure I even like oysters.",
        "We were thinking about getting a dog, nothing more than that.",
        "Tom is toying with the idea of a motorbike.",
    ),
    "not promised": (
        "I can't promise to finish the leaflet by Thursday.",
        "I won't be able to send the plan by tomorrow, sorry.",
        "Nobody said they would bring the tent.",
        "Nothing is agreed so far.",
        "I never said that I'd pay for the tickets by June.",
    ),
    "joke": (
        "I've decided to become a lighthouse keeper and live on toast, haha.",
        "Oh sure, I just love waiting in the rain at six in the morning.",
        "My favourite colour is payday, lol.",
        "I promise to be rich and famous by Tuesday ;-)",
        "Emil says he works as a dragon tamer in the evenings, ha.",
        "We agreed that the cat is the boss, as always 😂",
    ),
    "proposal": (
        "Should we go with the green one after all?",
        "Shall we meet at eight or at nine?",
        "What about Portugal in October?",
        "Why don't we just sell the car?",
        "Would you rather have the oak or the beech?",
        "How about we move the meeting to Tuesday?",
    ),
    "courtesy": (
        "I'll see you at home.",
        "I'll be right back.",
        "We'll see.",
        "I'll think about it.",
        "I'd love to, some day.",
        "I'll call you back in a minute.",
        "Let's catch up soon!",
        "Who knew?",
        "Isn't it lovely out there?",
        "Guess what?",
        "Can you believe it?",
        "I love this song!",
        "I like your new haircut.",
        "I hate it when that happens.",
    ),
    "others at large": (
        "Some people prefer the mountains, others the sea.",
        "They say that you should never decide on an empty stomach.",
        "In the novel she promises to come back by the first snow.",
        "The woman in the film works as a spy in Vienna.",
        "You should always back up your photos.",
        "According to the radio the mayor was born in a taxi.",
    ),
}
TRAPS_DE = {
    "hypothetical": ("Wenn ich reich wäre, würde ich ans Meer ziehen.",
                     "Stell dir vor, wir hätten uns für den Hund entschieden."),
    "hedge": ("Vielleicht komme ich am Freitag, mal sehen.",),
    "courtesy": ("Ich melde mich.", "Wir sehen uns!", "Wer hätte das gedacht?"),
}  # fmt: skip
ANSWERED = (
    ("What time is dinner?", "At seven."),
    ("Who has the car keys?", "They're on the hook."),
    ("Where did you put the scissors?", "Second drawer."),
    ("Is the shop still open?", "Yes, until eight."),
    ("Which platform was it?", "Four."),
    ("Do we have any milk left?", "Half a bottle."),
)
