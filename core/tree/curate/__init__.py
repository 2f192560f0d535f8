"""From what was said and written to proposed entries."""
