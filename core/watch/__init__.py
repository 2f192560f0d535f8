"""Noticing what changes in the watched folders."""
