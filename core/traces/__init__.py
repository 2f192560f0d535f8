"""Behaviour traces: file events alone → days, habits and what is used together."""
