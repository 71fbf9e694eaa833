"""Accompaniment by rules: grooves, voicings, bass lines, drums and dynamics."""
