"""The window itself: docks, menus, palette, preferences, sessions."""
