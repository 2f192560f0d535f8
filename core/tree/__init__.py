"""The curated memory in Markdown."""
