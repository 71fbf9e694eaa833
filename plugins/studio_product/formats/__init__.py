"""Parts as files for other programs. What needs numpy is in modules of its own, imported when they work."""
