"""The score beside the roll: engraved by a process of its own, drawn by QtSvg."""
