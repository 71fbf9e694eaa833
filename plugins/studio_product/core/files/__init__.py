"""Meshes and parts in files."""
