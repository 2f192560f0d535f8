"""The demo's warranty card as a PDF: `python -m assets.build.make_demo_pdf`, from the root."""

from __future__ import annotations

from pathlib import Path

from tests.pdf_maker import make_pdf

_PAGES = [
    "Warranty card\n\n"
    "Washing machine Larssen WM 700, serial number 70-2214-9\n"
    "Bought on 12 January 2025 at Elektro Huber, Freising.\n\n"
    "The warranty of the washing machine runs for five years from the day of purchase.\n"
    "Keep the receipt: without it the shop can't accept a claim.",
    "What is covered\n\n"
    "Motor, pump and electronics are covered for five years, the door seal for two.\n"
    "Scale from hard water is not covered. Use a softener above 14 degrees of hardness.\n\n"
    "To make a claim, call 08161 555 0190 on weekdays between 8 and 16.",
]


def main() -> None:
    target = Path(__file__).parents[1] / "demo" / "documents" / "2025-01-12 warranty.pdf"
    target.write_bytes(make_pdf(_PAGES))


if __name__ == "__main__":
    main()
