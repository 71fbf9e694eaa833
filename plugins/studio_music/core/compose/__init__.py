"""Fills in bars and voices with the music model, under constraints that hold."""
