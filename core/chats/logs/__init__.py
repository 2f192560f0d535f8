"""One module for each kind of log of what was said or typed."""
