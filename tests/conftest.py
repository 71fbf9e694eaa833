"""Every test runs without a screen, without the user's own folders and without a network."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

from studio.plugins.media import installed_media
from studio.service.service import Service

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["STUDIO_LANGUAGE"] = "en"  # of commands and workers, whatever this machine speaks
settings.register_profile("studio", deadline=None, print_blob=True)
settings.load_profile("studio")

_REACHED: list[str] = []


class NetworkReached(Exception):
    """Code under test asked for a machine other than this one."""


def _is_local(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost", "<broadcast>"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # Unix sockets have a path for an address
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_local(host):
        _REACHED.append(f"{event} {host!r}")
        raise NetworkReached(f"A test reached for the network: {event} {host!r}")


sys.addaudithook(_guard)


def pytest_configure(config: pytest.Config) -> None:
    if "benchmark" not in config.option.markexpr:
        os.environ["STUDIO_BENCH_PLAYED"] = "1"  # read by tests/benchmarks/sizes.py
    if "STUDIO_HOME" not in os.environ or hasattr(config, "workerinput"):  # each process its own
        os.environ["STUDIO_HOME"] = tempfile.mkdtemp(prefix="studio-test-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop("STUDIO_HOME"), ignore_errors=True))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that need downloaded models run only when `-m` asks for them."""
    if config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("download")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fails the test even where the code under test swallowed the exception."""
    _REACHED.clear()
    yield
    assert not _REACHED, f"This test reached for the network: {'; '.join(_REACHED)}"


@pytest.fixture(scope="session")
def exporters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Runs the exporters of the installed plugins."""
    made = Service(installed_media(), tmp_path_factory.mktemp("exporters"))
    yield made
    made.close()
