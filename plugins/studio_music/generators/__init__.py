"""Music: what composes, changes and writes down songs, in a job's worker."""
