"""Having the plugins described by a worker, so that the shell never imports one."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from studio.errors import StudioError
from studio.jobs import wire
from studio.jobs.host import Silent, WorkerHost
from studio.plugins.catalog import (
    Catalog,
    Failure,
    PluginDescription,
    installed_key,
    save_cached,
)
from studio.plugins.media import Media, installed_media
from studio.words import tr

PLUGIN_SECONDS = 10.0
"""How long the import of one plugin may take."""

log = logging.getLogger(__name__)


def discover(
    folder: Path, *, environment: Mapping[str, str] | None = None, plugin_seconds: float = PLUGIN_SECONDS
) -> Catalog:
    """Describes every installed plugin and writes the cache into the folder. Blocks for a second or more.

    A plugin whose import hangs or takes the worker with it becomes a row with its reason; a fresh worker goes
    on with the rest.

    Raises:
        WorkerDied: no worker can be started here at all.
    """
    key = installed_key()
    rows: dict[str, PluginDescription] = {}
    described: dict[str, PluginDescription] = {}
    devices: tuple[str, ...] = ("cpu",)
    libraries: dict[str, str] = {}
    memory: dict[str, int] = {}
    providers: tuple[str, ...] = ()
    loading, since = "", 0.0

    def hear(message: wire.FromWorker) -> None:
        nonlocal devices, libraries, memory, providers, loading, since
        match message:
            case wire.Found():
                rows.update((plugin.key, plugin) for plugin in message.plugins)
            case wire.Loading():
                loading, since = message.plugin, time.perf_counter()
            case wire.Described():
                described[loading] = message.plugin
            case wire.AllDescribed():
                devices, libraries = message.devices, message.libraries
                memory, providers = message.device_memory, message.providers

    while True:
        host = WorkerHost(on_line=log.info, environment=environment)
        host.start()
        loading = ""
        try:
            host.describe(tuple(described), hear, seconds=plugin_seconds)
            break
        except (Silent, StudioError) as error:
            if not loading:
                log.warning("The devices could not be probed: %s", error)
                break
            described[loading] = msgspec.structs.replace(
                rows[loading],
                failure=_failure(error, plugin_seconds),
                import_seconds=time.perf_counter() - since,
            )
        finally:
            host.kill()
            host.stop()
    media = installed_media()
    plugins = tuple(_with_notes(described[name], media) for name in rows if name in described)
    catalog = Catalog(
        plugins=plugins, devices=devices, device_memory=memory, providers=providers, libraries=libraries
    )
    save_cached(folder, catalog, key)
    return catalog


def _with_notes(plugin: PluginDescription, media: Media) -> PluginDescription:
    """The plugin with what is wrong in its manifest among its notes."""
    texts = [note.text for note in media.notes if note.plugin == plugin.name]
    if not texts or not media.plugins[plugin.name].is_of(plugin.distribution):
        return plugin
    return msgspec.structs.replace(plugin, notes=(*plugin.notes, *texts))


def _failure(error: Exception, seconds: float) -> Failure:
    if isinstance(error, StudioError):
        return Failure(
            reason=tr("Importing it ended the worker. {reason}", reason=error.message), traceback=error.detail
        )
    return Failure(reason=tr("Importing it took longer than {seconds:g} seconds.", seconds=seconds))
