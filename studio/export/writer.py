"""Writes items in a format: pictures are converted here, others by their plugin in the service process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from studio.core.item import Item
from studio.errors import DiskFull, OutOfMemory, PluginError, StudioError
from studio.export import convert as pictures
from studio.export.formats import Format, Formats
from studio.service.service import Service
from studio.words import tr

log = logging.getLogger(__name__)


class Writer:
    """Writes items in a format: pictures at once, others through the service."""

    def __init__(self, service: Service, check: Callable[[], None] | None = None) -> None:
        """`check` is called again and again while a plugin writes; what it raises ends that."""
        self.formats = Formats(service.media)
        self._service = service
        self._check = check

    def beside_of(self, item: Item) -> Format | None:
        """The format that brings other files along with this item's own; None where none does."""
        format = self.formats.of_file(item.kind, item.extension)
        return format if format and format.has_files_beside else None

    def write(
        self, item: Item, source: Path, format: Format, target: Path, options: Mapping[str, float]
    ) -> list[Path]:
        """The item's file `source` as `target`, which is given first, and the files that go with it.

        Raises:
            StudioError: it cannot be written like that, or the plugin fails, who is named then.
        """
        if not format.plugin:
            target.write_bytes(pictures.convert(source, format.id))
            return [target]
        known = {option.id for option in format.options}
        given: dict[str, Any] = {name: value for name, value in options.items() if name in known}
        try:
            made = self._service.export_now(
                item.kind,
                format.id,
                source,
                target,
                given,
                name=item.name,
                created=item.created,
                check=self._check,
            )
        except (PluginError, OutOfMemory) as error:
            raise _blamed(item, format, error) from error
        if target not in made:
            names = ", ".join(path.name for path in made)
            lost = PluginError(tr("It wrote {names} and not {file}.", names=names, file=target.name))
            raise _blamed(item, format, lost)
        return [target, *(path for path in made if path != target)]

    def write_beside(self, item: Item, source: Path, format: Format, target: Path) -> list[Path]:
        """The files that go with an item whose own bytes go out as `target`.

        None where the plugin fails: the item itself needs no plugin.
        """
        try:
            return self.write(item, source, format, target, {})[1:]
        except DiskFull:
            raise
        except StudioError as error:
            log.warning("Nothing stands beside “%s”: %s %s", item.name, error, error.detail)
            return []


def _blamed(item: Item, format: Format, error: StudioError) -> StudioError:
    return type(error)(
        tr("The plugin “{plugin}” could not write “{name}”.", plugin=format.plugin, name=item.name),
        tr("Choose another format, or export it as it is."),
        f"{error.message}\n{error.detail}".strip(),
    )
