"""One module for each assistant or agent that keeps its conversations on this machine."""
