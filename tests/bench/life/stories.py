"""What changes or is said twice in the invented life: sentences with their day and medium.

`build.py` gives each a document. A row is: day, medium, who says it, kind, thing, value, date,
sentence. Things of one subject and attribute replace each other in order of time; the same thing
in several rows is a duplicate in other words.
"""

from __future__ import annotations

from pathlib import Path

ROWS = tuple(
    row
    for row in Path(__file__).with_name("stories.txt").read_text("utf-8").splitlines()
    if not row.startswith("#")
)
UPDATES = (
    ("garden budget 1", "garden budget 2"), ("garden budget 2", "garden budget 3"),
    ("choir evening 1", "choir evening 2"), ("choir evening 2", "choir evening 3"),
    ("office address 1", "office address 2"), ("physio phone 1", "physio phone 2"),
    ("Tom's job 1", "Tom's job 2"), ("portal launch 1", "portal launch 2"),
    ("Heron lead 1", "Heron lead 2"), ("family doctor 1", "family doctor 2"),
    ("coffee 1", "coffee 2"), ("diet 1", "diet 2"), ("studio rent 1", "studio rent 2"),
    ("Emil's school 1", "Emil's school 2"), ("Sofia's address 1", "Sofia's address 2"),
    ("team size 1", "team size 2"), ("Kestrel price 1", "Kestrel price 2"),
    ("summer holiday 1", "summer holiday 2"), ("Helgas Hausarzt", "Helgas Hausarzt 2"),
    ("Ostern 1", "Ostern 2"),
)  # fmt: skip
NAMES = (
    ("Lena Vogt", "Lena Sandberg"),
    ("Heron", "Skylark"),
    ("Quayside Singers", "Harbour Voices"),
    ("Dr. Sørensen", "Dr Sorensen"),
    ("Kathrin Weiss", "Katrin Weiß"),
    ("Marek Dudek", "Marek"),
    ("Priya Nair", "Priya"),
)
APART = (
    ("Lena Sandberg", "Lena Brandt"),
    ("Dr. Sørensen", "Dr Yilmaz"),
    ("Lotte", "Lena"),
    ("Marek", "Yusuf"),
)
