"""Downloads one file from a model hub, in a process of its own: `python -m studio.models.fetch.hub_download`.

Takes a `Request` on stdin and tells `Told`s, one JSON document a line, on stdout. It honours what
huggingface_hub honours (HF_ENDPOINT, HF_TOKEN, proxies) and asks for the named file at the exact commit only.
The library's own downloads begin anew after an interruption; ours go on where they stopped.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Literal

import msgspec

from studio.core.disk import is_full
from studio.models.writing import Writer

_CHUNK, _TELL_BYTES = 128 * 1024, 1024 * 1024
_TRIES, _PAUSE = 4, 1.0
"""How often a connection that gives nothing is made anew, and the seconds between."""

Why = Literal["offline", "gated", "absent", "server", "no-hub", "other-bytes", "full", "library", "unknown"]


class Request(msgspec.Struct, frozen=True):
    repository: str
    revision: str
    file: str
    part: str
    """The path to write to; what it holds already stays."""
    size: int
    sha256: str


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    done: int = 0
    total: int = 0
    sha256: str = ""
    """Of the whole file: it is complete."""
    failed: Why | None = None
    code: int = 0
    """The hub's HTTP status, where it answered with one."""
    detail: str = ""


def _tell(told: Told) -> None:
    try:
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.buffer.flush()
    except OSError:
        os._exit(1)  # nobody listens any more: the studio was killed, and the next one may write here


def _download(request: Request) -> None:
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.utils import build_hf_headers

    url = hf_hub_url(request.repository, request.file, revision=request.revision)
    found = get_hf_file_metadata(url)
    if found.commit_hash is None:
        _tell(Told(failed="no-hub", detail=url))
        return
    etag = found.etag or ""
    if found.commit_hash != request.revision or (
        (request.sha256 and len(etag) == 64 and etag != request.sha256)  # a large file's tag is its digest
        or (request.size and found.size and found.size != request.size)
    ):
        _tell(Told(failed="other-bytes", detail=f"{found.commit_hash} {etag} {found.size}"))
        return
    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    part, size = Path(request.part), found.size or 0
    kept = part.stat().st_size if part.exists() else 0
    with Writer(part, kept if kept <= size else 0) as writer:
        _tell(Told(done=writer.size, total=size))
        tries = 0
        while not size or writer.size < size:
            before = writer.size
            try:
                _get(url, headers, writer, size)
            except Exception as error:
                tries = 0 if writer.size > before else tries + 1
                if not _is_of_network(error) or tries == _TRIES:
                    raise
                time.sleep(_PAUSE)
            else:
                if not size:
                    break
        writer.sync()
        _tell(Told(done=writer.size, total=writer.size, sha256=writer.digest))


def _get(url: str, headers: dict[str, str], writer: Writer, size: int) -> None:
    """The rest of the file, as far as the connection holds.

    From the hub each time: where it sends us for the bytes is good for an hour or so, and learns no token.
    """
    from huggingface_hub import constants, get_session
    from huggingface_hub.utils import hf_raise_for_status

    if writer.size:
        headers = {**headers, "Range": f"bytes={writer.size}-"}
    with get_session().stream(
        "GET", url, headers=headers, timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT, follow_redirects=True
    ) as response:
        hf_raise_for_status(response)
        if writer.size and response.status_code != 206:
            writer.restart()
        told = 0
        for chunk in response.iter_bytes(_CHUNK):
            writer.write(chunk)
            if writer.size - told >= _TELL_BYTES:
                told = writer.size
                _tell(Told(done=told, total=size))


def _is_of_network(error: Exception) -> bool:
    """The library has changed the package whose errors these are; their base is called alike in all."""
    return isinstance(error, ConnectionError | TimeoutError) or any(
        kind.__name__ == "TransportError" for kind in type(error).__mro__
    )


def _why(error: Exception) -> Told:
    from huggingface_hub import errors

    response = getattr(error, "response", None)
    code = int(getattr(response, "status_code", 0) or 0)
    detail = f"{type(error).__name__}: {error}"[:2000]
    absent = (errors.RepositoryNotFoundError, errors.EntryNotFoundError, errors.RevisionNotFoundError)
    why: Why = "unknown"
    if isinstance(error, OSError) and is_full(error):
        why = "full"
    elif isinstance(error, errors.GatedRepoError) or code in (401, 403):
        why = "gated"
    elif isinstance(error, absent) or code in (404, 410):
        why = "absent"
    elif code:
        why = "server"
    elif isinstance(error, errors.OfflineModeIsEnabled) or _is_of_network(error):
        why = "offline"
    return Told(failed=why, code=code, detail=detail)


def main() -> int:
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    try:
        import huggingface_hub  # noqa: F401
    except ImportError as error:
        _tell(Told(failed="library", detail=str(error)))
        return 1
    try:
        _download(request)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told in words
        _tell(_why(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
