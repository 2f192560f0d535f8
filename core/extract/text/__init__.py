"""Plain text and what is written in it: markup, tables, data, code, subtitles."""
