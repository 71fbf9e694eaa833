"""Projects: open, recent, welcome, lost files, undo."""
