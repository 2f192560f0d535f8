"""The terminal UI: `cairn` on a terminal. CONTRIBUTING.md says how a place is added to it."""
