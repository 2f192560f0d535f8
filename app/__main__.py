"""`python -m cairn.app` is the `cairn` command."""

from cairn.app.main import main

main()
