"""XML of strangers as a tree: no entities, no outside, bounded."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from studio.api.values import BadInput, tr

MOST_BYTES = 48 << 20
_MOST_ELEMENTS, _DEEPEST = 3_000_000, 60
_MOST_FILES = 500


class _Refused(Exception):
    """It declares entities, or it is too large."""


def tree_of(data: bytes, name: str) -> Element:
    """The root element. Raises `BadInput` for what is no XML, has entities of its own, or is too large."""
    if len(data) > MOST_BYTES:
        raise _too_large(name)
    builder = TreeBuilder()
    count = depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > _MOST_ELEMENTS or depth > _DEEPEST:
            raise _Refused
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_: object) -> None:
        raise _Refused

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
        return builder.close()
    except _Refused:
        raise _too_large(name) from None
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise BadInput(
            tr("“{name}” is damaged: it is no whole XML.", name=name),
            tr("Export it anew from the program that it comes from."),
        ) from error


def unpacked(data: bytes, name: str) -> bytes:
    """The score in a compressed MusicXML file. Raises `BadInput`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > _MOST_FILES:
                raise _too_large(name)
            names = archive.namelist()
            inside = _named_by_container(archive, name) if "META-INF/container.xml" in names else ""
            if inside not in names:
                inside = next(
                    one for one in names if one.endswith((".xml", ".musicxml")) and "META-INF" not in one
                )
            return _member(archive, inside, name)
    except (
        zipfile.BadZipFile,
        StopIteration,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        EOFError,
    ) as error:
        raise BadInput(
            tr("“{name}” is damaged: there is no score in it.", name=name),
            tr("Export it anew from the program that it comes from."),
        ) from error


def _named_by_container(archive: zipfile.ZipFile, name: str) -> str:
    root = tree_of(_member(archive, "META-INF/container.xml", name), name)
    return next((element.get("full-path", "") for element in root.iter("rootfile")), "")


def _member(archive: zipfile.ZipFile, inside: str, name: str) -> bytes:
    """Never more than is allowed, whatever the archive says."""
    with archive.open(inside) as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    return content


def _too_large(name: str) -> BadInput:
    return BadInput(
        tr("“{name}” is too large, or not what a score looks like.", name=name),
        tr("Export it anew from the program that it comes from, or divide it."),
    )
