"""What a person touches: commands, the daemon, rendering."""
