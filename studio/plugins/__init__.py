"""Plugins: found and loaded in a worker, known to the shell as data."""
