"""A model that writes, in a process of its own."""
