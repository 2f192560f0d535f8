"""An invented life of one person over two years: 300 documents, and what is planted in them."""
