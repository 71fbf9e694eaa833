"""Models: list, terms, download, preparation."""
