"""How the syntax model is made: treebanks in, a spaCy pipeline out. Nothing at run time imports this."""
