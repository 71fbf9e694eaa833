"""The recipe panel and the family graph."""
