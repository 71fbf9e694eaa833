"""Music: files in and out, and thumbnails."""
