"""Getting finished work out of a project: well-named files, and a manifest of how each was made."""
