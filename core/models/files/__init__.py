"""Model files: known, fetched, checked, tried."""
