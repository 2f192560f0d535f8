"""Filters, down to the rows they leave."""
