"""Faults brought about on purpose, and a model of what cairn had accepted to compare with."""
