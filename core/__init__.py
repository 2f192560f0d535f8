"""The memory engine; `engine.py` is its only door."""
