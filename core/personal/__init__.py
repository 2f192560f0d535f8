"""The benchmark of one memory: questions made from it, asked, and compared with last time."""
