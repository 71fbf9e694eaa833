"""Distinct variants: a pool of optimized designs, gates, and the choice of those that differ most."""
