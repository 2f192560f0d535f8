"""What the tree's entries mean for the results."""
