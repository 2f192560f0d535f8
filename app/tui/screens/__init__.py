"""One file for each place and each dialogue of the terminal UI."""
