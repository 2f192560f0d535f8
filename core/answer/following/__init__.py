"""A question and what was asked before it → the question that is meant, by rules."""
