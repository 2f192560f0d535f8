"""Is anything accepted from a model that its evidence doesn't say, and how much is refused of what
it does?

`python -m tests.bench.curator [--drafts N] [--seed N] [--json PATH|-]`: random answers of the right
form, true, nearly true and wild, through the curator that asks a model. Which are true is known
from how they were made.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cairn.core.config import Models
from cairn.core.models.writing.generating import Generating
from cairn.core.records import Source
from cairn.core.tree.curate import checks, schema
from cairn.core.tree.curate.model import ModelCurator, Outcome
from cairn.core.tree.curate.support import unsupported
from tests.bench.common import say, write_json
from tests.models.tiny import make_model
from tests.tree.curate.drafts import (
    ORDERS,
    Scene,
    make_scene,
    plain,
    tellings,
    true_claims,
    wild_draft,
)

_LINE = re.compile(r"^\d+\. \[[^\]]*\] «(.*)»$", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drafts", type=int, default=12_000)
    parser.add_argument("--runs", type=int, default=400, help="real runs of a tiny model")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json")
    options = parser.parse_args()
    figures, wrong = run_drafts(options.drafts, options.seed)
    figures |= refusals(options.seed)
    figures |= run_model(options.runs)
    for name, value in figures.items():
        say(f"{name:28} {value}")
    for line in wrong[:20]:
        say(f"  WRONG {line}")
    write_json(figures, options.json)


def run_drafts(least: int, seed: int) -> tuple[dict[str, Any], list[str]]:
    """Wild answers, through everything from the prompt to the proposal."""
    chance = random.Random(seed)
    drafts, accepted, wrong = 0, 0, []
    refused: Counter[str] = Counter()
    truths = taken = 0
    while drafts < least:
        scene = make_scene(chance)
        written: list[tuple[str, bool]] = []
        outcome = ModelCurator(_answering(chance, scene, written), "wild").propose(scene.utterances)
        drafts += len(written)
        accepted += len(outcome.proposals)
        refused.update(outcome.told.refused)
        wrong += faults(outcome, scene)
        bodies = {plain(p.body) for p in outcome.proposals}
        truths += sum(is_true for _, is_true in written)
        taken += sum(is_true and plain(claim) in bodies for claim, is_true in written)
    return {
        "drafts": drafts, "accepted": accepted, "accepted_but_unsupported": len(wrong),
        "true_drafts": truths, "true_drafts_accepted": taken,
        "refused": dict(refused.most_common(12)),
    }, wrong  # fmt: skip


def _answering(
    chance: random.Random, scene: Scene, written: list[tuple[str, bool]]
) -> Callable[..., str]:
    by_text = dict(zip((u.text for u in scene.utterances), scene.facts, strict=True))

    def generate(messages: Any, form: dict[str, Any], *_: Any, **__: Any) -> str:
        lines = _LINE.findall(messages[-1][1])[-12:]
        lines = [line for line in lines if line in by_text]
        if "keep" in form["properties"]:
            kept = [
                {
                    "sentence": number,
                    "kind": chance.choice((*schema.KINDS, "fact", "event", "fact")),
                }
                for number in range(1, len(lines) + 1)
            ]
            return json.dumps({"keep": kept[: chance.randint(0, 12)]})
        numbers = form["properties"]["evidence"]["items"]["enum"]
        draft = wild_draft(chance, scene, numbers, lines)
        facts = tuple(by_text[lines[number - 1]] for number in draft["evidence"])
        written.append((draft["claim"], plain(draft["claim"]) in true_claims(facts)))
        text = json.dumps(draft)
        return text if chance.random() > 0.02 else text[: chance.randrange(len(text))]

    return generate


def faults(outcome: Outcome, scene: Scene) -> list[str]:
    """What was accepted and shouldn't have been, by what is known of the scene."""
    facts = {u.uri: known for u, known in zip(scene.utterances, scene.facts, strict=True)}
    said = {u.uri: u for u in scene.utterances}
    found = []
    for proposal in outcome.proposals:
        cited = [said[source.uri] for source in proposal.sources]
        allowed = true_claims(tuple(facts[u.uri] for u in cited))
        told = f"{proposal.body!r} from {[u.who + ': ' + u.text for u in cited]}"
        allowed |= {plain(u.text) for u in cited}  # told as it was said, in the third person
        if plain(proposal.body) not in allowed:
            found.append(told)
        if any(source.quote not in said[source.uri].text for source in proposal.sources):
            found.append(f"a quote that nobody said: {told}")
        if any(order in proposal.body or order in proposal.title for order in ORDERS):
            found.append(f"an order: {told}")
        if not _is_part(proposal.title.rstrip(" …"), proposal.body):
            found.append(f"title {proposal.title!r}: {told}")
        for text in (proposal.subject, proposal.attribute, proposal.value):
            if text and not _is_part(text, proposal.body):
                found.append(f"field {text!r}: {told}")
        is_users = re.match(r"(?:You|Your|Ana)\b", proposal.body)
        if is_users and not any(u.origin == "user" for u in cited):
            found.append(f"about the user: {told}")
        if "user" in proposal.origin and any(u.origin != "user" for u in cited):
            found.append(f"origin: {told}")
        if not re.fullmatch(r"2023-05-\d\d", proposal.valid_from):
            found.append(f"valid from {proposal.valid_from}: {told}")
    return found


def _is_part(text: str, whole: str) -> bool:
    part, all_words = (" ".join(re.findall(r"\w+", each.casefold())) for each in (text, whole))
    return f" {part} " in f" {all_words} "


def refusals(seed: int, least: int = 3000) -> dict[str, Any]:
    """How many claims are refused that are true by their making?"""
    chance, asked, refused = random.Random(seed), 0, 0
    while asked < least:
        scene = make_scene(chance)
        for utterance, known in zip(scene.utterances, scene.facts, strict=True):
            source = Source(utterance.uri, utterance.text, utterance.who, utterance.when)
            for fact in known:
                asked += 1
                told = next(iter(tellings(fact)))
                refused += bool(unsupported(told, [source]))
    return {"true_claims": asked, "true_claims_refused": round(refused / asked, 4)}


def run_model(runs: int) -> dict[str, Any]:
    """What a model of random weights writes under the grammar, by llama.cpp itself."""
    valid = accepted = 0
    chance = random.Random(3)
    with tempfile.TemporaryDirectory() as folder:
        words = ("Ana", "Ben", "sold", "bought", "the", "bike", "Oslo", "not", "yesterday")
        path = make_model(Path(folder) / "tiny.gguf", words=words)
        generating = Generating(Models(generator=str(path)), Path(folder))
        try:
            for seed in range(runs):
                numbers = list(range(1, chance.randint(2, 12)))
                text = generating.generate(
                    [("user", "go")], schema.draft(numbers), 2500, seed, warmth=1.0
                )
                draft = checks.read_draft(json.loads(text, strict=False), "fact", numbers)
                valid += draft is not None
            scene = make_scene(chance)
            outcome = ModelCurator(generating.generate, "tiny").propose(scene.utterances)
            accepted = len(outcome.proposals)
        finally:
            generating.close()
    return {"model_runs": runs, "model_runs_valid": valid, "model_runs_accepted": accepted}


if __name__ == "__main__":
    main()
