"""Under which licence a model seems to be, as its files say: a proposal, for a person to confirm."""

from __future__ import annotations

import json
import re
from pathlib import Path

from studio.given_paths import exists, is_file, is_folder

_MOST = 256 * 1024
"""Bytes that are read of a text."""
_MAX_HEADER = 16 * 1024 * 1024

_TEXTS = (
    (r"Apache License\s+Version 2\.0", "Apache-2.0"),
    (r"Permission is hereby granted, free of charge", "MIT"),
    (r"GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3", "AGPL-3.0-only"),
    (r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3", "LGPL-3.0-only"),
    (r"GNU GENERAL PUBLIC LICENSE\s+Version 3", "GPL-3.0-only"),
    (r"Creative\s?ML Open RAIL\+\+-M", "LicenseRef-CreativeML-OpenRAIL++-M"),
    (r"Creative\s?ML Open RAIL-M", "LicenseRef-CreativeML-OpenRAIL-M"),
    (r"Attribution-NonCommercial 4\.0 International", "CC-BY-NC-4.0"),
    (r"Attribution 4\.0 International", "CC-BY-4.0"),
    (r"Gemma Terms of Use", "LicenseRef-Gemma"),
)
_NAMES = {
    "apache-2.0": "Apache-2.0",
    "mit": "MIT",
    "gpl-3.0": "GPL-3.0-only",
    "agpl-3.0": "AGPL-3.0-only",
    "lgpl-3.0": "LGPL-3.0-only",
    "bsd-3-clause": "BSD-3-Clause",
    "cc0-1.0": "CC0-1.0",
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
    "openrail": "LicenseRef-OpenRAIL",
    "creativeml-openrail-m": "LicenseRef-CreativeML-OpenRAIL-M",
    "openrail++": "LicenseRef-CreativeML-OpenRAIL++-M",
    "gemma": "LicenseRef-Gemma",
    "other": "",
    "unknown": "",
}
"""As the cards of models on hubs call them."""
_PLAIN = re.compile(r"[\w.+() -]{1,80}")


def licence_hint(path: Path) -> str:
    """SPDX, or a name in its manner; empty where nothing says. Reads little, and runs nothing."""
    if not exists(path):
        return ""
    folder = path if is_folder(path) else path.parent
    own = path.suffix.lower() == ".safetensors" and is_file(path) and _in_safetensors(path)
    if own:
        return own
    for name in ("README.md", "readme.md"):
        if found := _in_card(_text(folder / name)):
            return found
    for name in ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "COPYING"):
        text = _text(folder / name)
        for pattern, licence in _TEXTS:
            if re.search(pattern, text, re.I):
                return licence
    return ""


def _text(path: Path) -> str:
    if not is_file(path):
        return ""
    try:
        with path.open("rb") as file:
            return file.read(_MOST).decode("utf-8", "replace")
    except OSError:
        return ""


def _in_card(text: str) -> str:
    """The line `license: …` in the front matter of a model's README; of YAML no more than that is read."""
    front = re.match(r"\ufeff?---\s*\n(.*?)\n---\s*(\n|$)", text, re.S)
    if not front:
        return ""
    said = {}
    for line in front[1].splitlines():
        key, colon, value = line.partition(":")
        if colon and key in ("license", "license_name"):
            said[key] = value.strip().strip("\"'")
    licence = _name(said.get("license", ""))
    return licence or _name(said.get("license_name", ""))


def _in_safetensors(path: Path) -> str:
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length)) if length <= _MAX_HEADER else {}
    except (OSError, ValueError, RecursionError):
        return ""
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    if not isinstance(metadata, dict):
        return ""
    keys = ("license", "licence", "modelspec.license")
    return next((found for key in keys if (found := _name(metadata.get(key)))), "")


def _name(value: object) -> str:
    if not isinstance(value, str) or not _PLAIN.fullmatch(value.strip()):
        return ""
    return _NAMES.get(value.strip().lower(), value.strip())
