"""Questions whose answer is a set: files, changes."""
