"""What the studio remembers between starts: values in sections, one JSON file, and the form of preferences.

An older file is read as it is, of a newer one what is known; a value that is not right falls back alone. What
could not be read whole is kept as a copy beside the file. Window geometry is not here; Qt keeps that itself.
"""

from studio.settings.file import FILE, FORMAT, current, language, load, save
from studio.settings.form import NOTES, schema, values
from studio.settings.sections import (
    MAX_RECENT,
    THEMES,
    Appearance,
    Backups,
    Compare,
    Computer,
    Exporting,
    Gallery,
    Generating,
    Network,
    Notices,
    Projects,
    Settings,
    Tour,
)

__all__ = [
    "FILE",
    "FORMAT",
    "MAX_RECENT",
    "NOTES",
    "THEMES",
    "Appearance",
    "Backups",
    "Compare",
    "Computer",
    "Exporting",
    "Gallery",
    "Generating",
    "Network",
    "Notices",
    "Projects",
    "Settings",
    "Tour",
    "current",
    "language",
    "load",
    "save",
    "schema",
    "values",
]
