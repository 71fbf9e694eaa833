"""Geometry of parts that the window and the plugins share. numpy, and no Qt, no torch."""
