"""What speaks for words that the reader found, and how much; written by a benchmark, not by hand.

`python -m tests.bench.answer_fit` fits it to conversations, anew for every reader: what its scores
are worth depends on their scale. Read by `worth`.
"""

READER = "f1ce3b2f3becf20a"
"""What its sha256 begins with."""
MOST = 15.0
"""A score further from 0 than this says no more."""
BIAS, SCORE, SHARE, FITS, TIME, FURTHER = -3.29, 0.094, 1.84, 1.17, -0.65, -0.92
LEVEL, ANSWERS = 0.18, 0.046
"""What the best score says of whether there is an answer at all, beside relevance."""
