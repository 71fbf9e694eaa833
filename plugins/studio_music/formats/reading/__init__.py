"""Readers of scores that other programs wrote."""
