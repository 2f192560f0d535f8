"""Models that are larger than memory: what stays, what is read as it is needed, and how fast."""
