"""How an entry of the tree is borne out, ages and fades; what it is all about; what is owed."""
