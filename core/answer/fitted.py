"""What speaks for words that the reader found, and how much; written by a benchmark, not by hand.

`python -m tests.bench.answer_fit` fits it to conversations, anew for every reader: what its scores
are worth depends on their scale. Read by `worth`.
"""

READER = "1603809a7eca5044"
"""What its sha256 begins with."""
MOST = 6.0
"""A score further from 0 than this says no more."""
BIAS, SCORE, SHARE, FITS, TIME, FURTHER = -3.917, 0.235, 2.401, 1.238, -0.425, -0.226
LEVEL, ANSWERS = -0.016, 0.0943
"""What the best score says of whether there is an answer at all, beside relevance."""
