"""PDF: text with its pages, what is attached, and pictures of text."""
