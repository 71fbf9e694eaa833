"""Numbers about a finished part, measured on the shape that is exported."""
