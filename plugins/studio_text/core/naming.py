"""What a text is called in the gallery."""

from __future__ import annotations

from studio_text.core.brand import plain

_LONGEST = 60


def title_of(text: str) -> str:
    """A text's first heading, or else its first line, short enough for a name; "" if it has none."""
    written = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("```")]
    heading = next((line for line in written if line.startswith("#")), written[0] if written else "")
    name = " ".join(plain(heading).split())
    if len(name) <= _LONGEST:
        return name
    return name[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
