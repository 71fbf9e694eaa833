"""Looking at several items beside each other."""
