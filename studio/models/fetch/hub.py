"""Files from a model hub, through a process that imports huggingface_hub."""

from __future__ import annotations

import errno
import os
import sys

import msgspec

from studio.core.model import Hub, SpecFile
from studio.models.fetch import child
from studio.models.fetch.failed import Damaged, SourceFailed
from studio.models.fetch.hub_download import Request, Told
from studio.models.fetch.partial import Origin, Partial
from studio.words import mark, tr

_QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
}
_LATER = mark("Try again later, or use another source.")


class HubSource:
    origin: Origin = "hub"
    title = mark("The model hub")
    packed = False

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def fetch(self, file: SpecFile, partial: Partial) -> None:
        """Raises SourceFailed, Cancelled, OSError (of a full disk): what is here is kept."""
        part = partial.part(file, "hub")
        path = file.hub or file.name
        request = Request(
            repository=self._hub.repository,
            revision=self._hub.revision,
            file=path,
            part=str(part),
            size=file.size,
            sha256=partial.expected(file),
        )
        words = tr("Getting “{name}”", name=file.name)
        last = Told()

        def hear(line: str) -> None:
            nonlocal last
            try:
                last = msgspec.json.decode(line, type=Told)
            except msgspec.DecodeError:
                return  # a library's own words
            if last.total and not file.size:
                partial.meter.learn(file.name, last.total)

        def tick() -> None:
            partial.meter.tell(last.done, words)

        tick()
        command = [sys.executable, "-P", "-m", "studio.models.fetch.hub_download"]
        code, said = child.run(
            command, environment=_QUIET, request=msgspec.json.encode(request), on_line=hear, tick=tick
        )
        if code == 0 and last.sha256:
            partial.keep(file, part, last.sha256)
            return
        raise self._failure(last, path, said)

    def _failure(self, told: Told, path: str, said: str) -> Exception:
        name = f"{self._hub.repository}/{path}"
        page = f"{os.environ.get('HF_ENDPOINT', 'https://huggingface.co').rstrip('/')}/{self._hub.repository}"
        detail = told.detail or said.strip()[-2000:]
        match told.failed:
            case "full":
                return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            case "offline":
                reason = tr("there is no connection to it")
                hint = tr("Check the network and try again.")
            case "gated":
                reason = tr("it does not give “{name}” to everybody", name=name)
                hint = tr(
                    "Accept the licence on {page}, log in with: hf auth login, and try again.", page=page
                )
            case "absent":
                reason = tr("it has no “{name}” any more", name=name)
                hint = tr("Use another source, or update Studio.")
            case "server":
                reason = tr("it answers with error {code}", code=told.code)
                hint = tr(_LATER)
            case "no-hub":
                reason = tr("what answers at its address is no model hub")
                hint = tr("Check HF_ENDPOINT, and whether the network asks for a login first.")
            case "library":
                reason = tr("the package huggingface_hub is missing in the Python that Studio runs in")
                hint = tr("Install it with: {command}", command="pip install huggingface_hub")
            case "other-bytes":
                return Damaged(
                    tr("it has other bytes for “{name}” than the ones that were checked", name=path),
                    tr("Use another source, or update Studio."),
                    detail,
                )
            case _:
                reason = tr("the download of “{name}” ended early", name=path)
                hint = tr(_LATER)
        return SourceFailed(reason, hint, detail)
