"""Documents of word processors, spreadsheets and slides, old and new, and books."""
