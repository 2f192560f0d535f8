"""One model in training: its steps, its checkpoints, and what came before them.

Two threads each take a batch of their own: on a busy machine that wastes less than sharing one.
Used by train_reader.py. A checkpoint is whole or not there; SIGTERM ends a run after a step.
Requires: torch.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from reader_model import Reader, fill
from reader_rows import SEED, Row
from source_wheel import Source
from torch.nn import functional as F

THREADS = 2
_HEAD_RATE = 5.0
"""The heads start from nothing, and learn faster than the encoder."""
_DOUBT_WEIGHT = 0.5


def tensors(batch: Sequence[Row], sep: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    length = min(len(row.ids) for row in batch)
    ids = torch.tensor([[*row.ids[: length - 1], sep] for row in batch])
    return ids, torch.tensor([row.start for row in batch]), torch.tensor([r.end for r in batch])


def loss_of(model: Reader, batch: Sequence[Row], sep: int) -> torch.Tensor:
    ids, start, end = tensors(batch, sep)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model.states(ids)
    scores = F.linear(states.float(), model.head.weight, model.head.bias)
    spans = F.cross_entropy(scores[..., 0], start) + F.cross_entropy(scores[..., 1], end)
    doubt = F.binary_cross_entropy_with_logits(scores[:, 0, 2], (start > 0).float())
    return spans / 2 + _DOUBT_WEIGHT * doubt


class Run:
    """One model in training: replicas share its weights and keep gradients of their own."""

    def __init__(self, source: Source, folder: Path) -> None:
        self.folder, self.path = folder, folder / "last.pt"
        self.is_ending = False
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "is_ending", True))
        self.model = Reader(source.config)
        fill(self.model, source.tensors)
        torch.manual_seed(SEED)
        torch.nn.init.normal_(self.model.head.weight, std=0.02)
        torch.nn.init.zeros_(self.model.head.bias)
        self.replicas = [self.model, *(Reader(source.config) for _ in range(THREADS - 1))]
        for replica in self.replicas[1:]:
            for own, shared in zip(replica.parameters(), self.model.parameters(), strict=True):
                own.data = shared.data
        encoder = [
            p for n, p in self.model.named_parameters() if p.requires_grad and "head" not in n
        ]
        matrices = [p for p in encoder if p.ndim > 1]
        vectors = [p for p in encoder if p.ndim == 1]
        head = list(self.model.head.parameters())
        self.optimizer = torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": 0.01, "scale": 1.0},
                {"params": vectors, "weight_decay": 0.0, "scale": 1.0},
                {"params": head, "weight_decay": 0.0, "scale": _HEAD_RATE},
            ],
            betas=(0.9, 0.98), fused=True,
        )  # fmt: skip
        self.state: dict[str, Any] = {"stages": [], "step": 0, "figures": []}
        if self.path.exists():
            saved = torch.load(self.path, weights_only=True)
            self.model.load_state_dict(saved["model"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.state = json.loads(saved["state"])

    def save(self) -> None:
        saved = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "state": json.dumps(self.state),
        }
        beside = self.path.with_suffix(".part")
        torch.save(saved, beside)
        os.replace(beside, self.path)
        torch.save(saved["model"], self.folder / f"step-{self.state['step']:05d}.pt")

    def step(self, micros: Sequence[Sequence[Row]], sep: int, rate: float,
             pool: ThreadPoolExecutor) -> float:  # fmt: skip
        total = sum(len(batch) for batch in micros)

        def work(replica: Reader, mine: Sequence[Sequence[Row]]) -> float:
            spent = 0.0
            for batch in mine:
                loss = loss_of(replica, batch, sep) * (len(batch) / total)
                loss.backward()
                spent += loss.item()
            return spent

        shares = [micros[i::THREADS] for i in range(THREADS)]
        loss = sum(pool.map(work, self.replicas, shares))
        trained = [p for p in self.model.parameters() if p.requires_grad]
        for replica in self.replicas[1:]:
            others = [p for p in replica.parameters() if p.requires_grad]
            for own, other in zip(trained, others, strict=True):
                if other.grad is not None and own.grad is not None:
                    own.grad += other.grad
                    other.grad = None
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["scale"]
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss
