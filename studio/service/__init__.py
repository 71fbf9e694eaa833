"""The service process: thumbnails, imports and exports outside of the window's process."""
