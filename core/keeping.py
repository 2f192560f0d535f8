"""All that keeps the tree, put together: its files, its curators, its upkeep, its doors.

Made once by the engine. What an entry's change means for others, such as the names it settles, is
passed on from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from cairn.core.config import Config
from cairn.core.considering import Considering
from cairn.core.conversations import Conversations
from cairn.core.curation import Curation
from cairn.core.export import Export
from cairn.core.forget.forgetting import Alone, Forgetting, Renew
from cairn.core.home import Home
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.memory import Memory
from cairn.core.models.fit.kernels import KERNELS
from cairn.core.models.offload.reads import READS
from cairn.core.models.writing.generating import Generating
from cairn.core.private import PrivateMode
from cairn.core.recall.entries.pointers import Pointers
from cairn.core.tree.curate.gathering import Gathering
from cairn.core.tree.tree import Tree
from cairn.core.upkeep import Upkeep


class Keeping:
    def __init__(
        self,
        home: Home,
        config: Config,
        journal: Journal,
        conversations: Conversations,
        private: PrivateMode,
        clock: Callable[[], datetime],
        touched: Callable[[Sequence[Path]], object],
        alone: Alone,
        renew: Renew,
        look_again: Callable[[], None],
        index: Callable[[], Index],
    ) -> None:
        self.tree = Tree(home.tree, journal, clock)
        self.tree.touched = touched
        archive = conversations.archive
        self.curation = Curation(
            self.tree, journal, archive, Gathering(journal, archive, conversations.parts),
            private, config.curate,
        )  # fmt: skip
        self.tree.noted = self.curation.note_entries
        self.generating = Generating(
            config.models,
            home.logs,
            promised=home.run / "models",
            kernels=home.cache / KERNELS,
            disks=home.cache / READS,
        )
        self.considering = Considering(
            journal, self.curation, self.generating, config.curate, clock
        )
        self.upkeep = Upkeep(self.tree, journal, self.curation, clock, config.chats.me)
        self.memory = Memory(self.tree, journal, self.curation, private, clock)
        self.forgetting = Forgetting(
            home,
            journal,
            self.memory,
            conversations,
            self.curation,
            self.upkeep,
            index,
            alone,
            renew,
        )
        self.upkeep.complete = self.forgetting.complete
        self.export = Export(journal, self.tree)
        self.export.brought = (
            look_again, conversations.sources.look_again, self.curation.look_again
        )  # fmt: skip
        self.pointers = Pointers(self.tree.catalogue, self.tree.ledger, home.tree)

    def close(self) -> None:
        self.generating.close()
