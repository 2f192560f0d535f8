"""Pictures, recordings and archives: what they say of themselves."""
