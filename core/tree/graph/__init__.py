"""People and things: found in what was said, one thing across spellings, a graph that is walked."""
