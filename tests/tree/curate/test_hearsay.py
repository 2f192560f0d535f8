"""A decision that somebody only claims, dreams or denies is none of the user's."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.decisions import propose
from tests.tree.curate.spoken import note, talk


@pytest.mark.parametrize(
    "text",
    [
        "He lied that we decided to sell the house.",
        "He lied to her in May that we decided to sell the house.",
        "It is false that we decided to sell the house.",
        "It's not true that we decided to sell the house.",
        "I dreamt that we decided to buy a castle.",
        "I dreamt last night that we decided to buy a castle.",
        "The novel says we decided to burn the bridge.",
        "The novel says: we decided to burn the bridge.",
        "Tom claims that we agreed to pay Karl 5000 euros.",
        "Tom claims we agreed to pay Karl 5000 euros.",
        "Tom thinks we decided to paint the barn green.",
        "Tom said we decided to paint the barn green.",
        "Tom denies that they decided to sell the house.",
        "Allegedly we decided to sell the house.",
        "Rumour has it that we decided to sell the house.",
        "Nobody decided to move to Leeds.",
        "None of us decided to sell the van.",
        "No one has decided to sell the van.",
        "Tom behauptet, wir haben beschlossen, das Haus zu verkaufen.",
        "Ich habe geträumt, wir haben beschlossen, ein Schloss zu kaufen.",
        "Es ist falsch, dass wir haben beschlossen, ein Schloss zu kaufen.",
        "Angeblich haben wir beschlossen, das Haus zu verkaufen.",
        "Niemand hat beschlossen, das Haus zu verkaufen.",
        "Tom prétend que nous avons décidé de vendre la maison.",
        "J'ai rêvé que nous avons décidé d'acheter un château.",
        "Il est faux que nous avons décidé de vendre la maison.",
        "Le roman dit que nous avons décidé de brûler le pont.",
        "Personne n'a décidé de vendre la maison.",
        "Tom afirma que hemos decidido vender la casa.",
        "Soñé que decidimos comprar el castillo.",
        "Es falso que hemos decidido vender la casa.",
        "La novela dice que hemos decidido quemar el puente.",
        "Nadie ha decidido vender la casa.",
        "It is a lie that it was decided to sell the house.",
    ],
)
def test_what_nobody_vouches_for_is_no_decision(text: str) -> None:
    assert propose(note(text)) == []
    assert propose(talk(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "I noted that we decided to sell the boat.",
        "Anna confirmed that we decided to sell the boat.",
        "The minutes say that we decided to sell the boat.",
        "I said that we decided to sell the boat.",
        "He lied, so we decided to sell the boat.",
        "I am glad that we decided to sell the boat.",
        "The landlord said they decided to raise the rent to 900 euros.",
        "Tom wrote a novel, and we decided to print the book.",
        "Nobody wants the old boat, so we decided to sell the boat.",
        "I remember that we agreed to pay Karl 5000 euros.",
        "Wir haben beschlossen, das Haus zu verkaufen.",
        "Ich habe notiert: wir haben beschlossen, das Haus zu verkaufen.",
        "Anna a confirmé que nous avons décidé de vendre la maison.",
        "Ana confirmó que hemos decidido vender la casa.",
        "We thought about it and we decided to sell the boat.",
        "The film was long, but we decided to sell the boat.",
        "It was decided to sell the boat.",
    ],
)
def test_what_somebody_noted_or_confirmed_is_one(text: str) -> None:
    assert len(propose(note(text))) == 1
