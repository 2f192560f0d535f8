"""What speaks for a passage or a turn beside its words and its meaning."""
