"""One file for each family of commands; cli.py says which command is in which."""
