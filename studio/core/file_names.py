"""File names that every file system takes."""

from __future__ import annotations

import re
import unicodedata

MAX_BYTES = 120
"""Of a whole file name in UTF-8: short enough for every file system and for a deep folder on Windows."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_JOINERS = {
    "\u200c",
    "\u200d",
}  # Persian words and emoji families need them; every other format character goes
_RESERVED = re.compile(r"^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])[ ]*(\.|$)", re.IGNORECASE)


def safe_name(stem: str, extension: str = "", suffix: str = "") -> str:
    """`stem` + `suffix` + `extension` as a file name that Linux, macOS and Windows all take, in any folder.

    Composed Unicode (NFC); no control, direction or path character; no device name of Windows; no dot at
    either end and no space at the end; at most `MAX_BYTES` bytes. Never empty. What has to give way when it
    is too long is `stem`. `extension` and `suffix` are ours and trusted to be short and plain.
    """
    text = unicodedata.normalize("NFC", "".join(c for c in stem if _is_printable(c)))
    text = _FORBIDDEN.sub("_", text)
    text = _trim(text)
    if _RESERVED.match(text):
        text = "_" + text
    room = MAX_BYTES - len((suffix + extension).encode())
    text = _trim(text.encode()[:room].decode(errors="ignore"))
    return (text or "untitled") + suffix + extension


def _trim(text: str) -> str:
    return text.strip(" .\u200c\u200d" + "\u00a0\u3000")


def _is_printable(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _JOINERS or category not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
