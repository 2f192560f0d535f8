"""Phrases such as "last Tuesday" in a text → the days they mean, counted from when it was said."""
