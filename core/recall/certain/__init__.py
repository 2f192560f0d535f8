"""How likely it is that the evidence answers the question."""
