"""Having the plugins described by a worker, so that the shell never imports one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

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
    described: dict[str, PluginDescription] = {}
    order: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("cpu",)
    libraries: dict[str, str] = {}
    loading = ""

    def hear(message: wire.FromWorker) -> None:
        nonlocal order, devices, libraries, loading
        match message:
            case wire.Found():
                order = message.plugins
            case wire.Loading():
                loading = message.plugin
            case wire.Described():
                described[loading] = message.plugin
            case wire.AllDescribed():
                devices, libraries = message.devices, message.libraries

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
            described[loading] = _culprit(loading, error, plugin_seconds)
        finally:
            host.kill()
            host.stop()
    plugins = tuple(described[name] for name in order if name in described)
    catalog = Catalog(plugins=plugins, devices=devices, libraries=libraries)
    save_cached(folder, catalog, key)
    return catalog


def _culprit(key: str, error: Exception, seconds: float) -> PluginDescription:
    name, _, distribution = key.partition(" ")
    if isinstance(error, StudioError):
        reason, trace = f"Importing it ended the worker. {error.message}", error.detail
    else:
        reason, trace = f"Importing it took longer than {seconds:g} seconds.", ""
    return PluginDescription(
        name=name, distribution=distribution, version="", failure=Failure(reason=reason, traceback=trace)
    )
