"""What writes texts: runs in a job's worker."""
