"""The spaCy components of the chain; none of them imports another."""
