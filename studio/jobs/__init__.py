"""Jobs: the durable queue, the worker process that runs generators, and what stands between them."""
