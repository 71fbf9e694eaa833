"""What a worker computes on, and what it keeps in memory between jobs."""
