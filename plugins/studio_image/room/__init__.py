"""The canvas: photo, mask and the tools that paint it."""
