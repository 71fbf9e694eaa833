"""Parts made by rules and by topology optimization. It runs in a job's worker."""
