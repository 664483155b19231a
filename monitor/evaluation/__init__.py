"""How well the extractor chain reads, and how well events are followed, on data that people have annotated."""
