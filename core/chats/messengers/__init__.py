"""One module for each way that people write to each other."""
