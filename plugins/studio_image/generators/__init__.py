"""The generators of the image plugin. They run in a job's worker."""
