"""One module for each service whose conversations come as an export."""
