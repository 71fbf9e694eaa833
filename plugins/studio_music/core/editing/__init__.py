"""Edits of songs: each a function from a song and chosen notes to another song and what is chosen then."""
