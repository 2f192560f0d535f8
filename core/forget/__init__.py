"""Forgetting: what somebody names → all that cairn has of it → none of it, proved and kept out."""
