"""Model files: which may be used at all, and where they lie."""
