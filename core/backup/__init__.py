"""Backups of a home, which only cairn reads back: made, checked, pruned and restored."""
