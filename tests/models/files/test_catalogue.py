"""The models known by name: each entry is whole, checkable and in plain sight."""

from __future__ import annotations

import re

from cairn.core.models.files.catalogue import offers
from cairn.core.models.files.hosts import check_address


def test_every_entry_is_whole() -> None:
    assert len(offers()) >= 12
    assert len({offer.name for offer in offers()}) == len(offers())
    for offer in offers():
        assert check_address(offer.url) == "huggingface.co"
        assert offer.url.startswith("https://")
        assert offer.licence
        assert offer.about
        assert re.fullmatch(r"[a-z0-9.-]+", offer.name)
        assert re.fullmatch(r"([0-9a-f]{64})?", offer.sha256)
        assert re.fullmatch(r"I?Q\d\w*", offer.shape.quantization)


def test_a_checksum_goes_with_an_address_that_stays_or_an_exact_size() -> None:
    for offer in offers():
        if offer.sha256:
            assert offer.size % 1000, offer.name  # to the byte, not rounded
        else:
            assert offer.size % 1_000_000 == 0, offer.name


def test_sizes_go_with_shapes() -> None:
    """Bits of each weight, as far as a name such as Q4_K_M lets one expect."""
    for offer in offers():
        bits = 8 * offer.size / offer.shape.weights
        least, most = (4.2, 6.6) if offer.shape.quantization.startswith("Q4") else (8.3, 8.8)
        assert least < bits < most, (offer.name, bits)
