"""The kind of item that this plugin declares."""

PART = "part"
"""The id of the kind: a solid, with its study and its measured numbers in its file."""
