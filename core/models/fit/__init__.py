"""What a model needs and what the machine has."""
