"""Several songs beside each other, to be heard in turn at the same place."""
