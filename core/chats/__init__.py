"""Transcripts of conversations → Documents of turns, one file per family of formats."""
