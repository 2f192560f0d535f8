"""One file for each thing on the screen that more than one place shows."""
