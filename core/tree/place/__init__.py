"""Which folder of the tree an entry belongs in, what a folder says of itself, when it splits."""
