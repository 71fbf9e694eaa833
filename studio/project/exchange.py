"""A project as one zip file, to send and to keep."""

from __future__ import annotations

import re
import shutil
import uuid
import zipfile
from pathlib import Path, PurePosixPath

from studio.core.given_files import regular_file, shown
from studio.errors import BadInput, MissingBlob
from studio.project import backups, dump, files, layout, watch
from studio.project.blobs import digest_of
from studio.project.database import reading, uri
from studio.project.store import SUFFIX, Project
from studio.project.unzip import MOST_BYTES, extract
from studio.words import tr

MOST_ENTRIES = 1_000_000
"""Above the usual limit: each blob is an entry, and we promise to handle 100,000 of them."""

_ALLOWED = re.compile(
    r"project\.(db|json)|assets\.jsonl|blobs/(?P<two>[0-9a-f]{2})/(?P<digest>(?P=two)[0-9a-f]{62})\.[a-z0-9]{1,10}"
)


def pack(project: Project, target: Path) -> list[str]:
    """Writes the project, as it is now, into a zip file; an existing one is replaced once this is whole.

    Blobs are stored as they are (pictures do not get smaller); items in the trash go along, backups do not.

    Returns: digests of missing blobs; their recipes are packed all the same.

    Raises:
        DiskFull: nothing was left behind.
    """
    part = target.with_name(f".{target.name[:100]}.{uuid.uuid4().hex[:8]}")
    copy = part.with_name(f"{part.name}.db")
    text = part.with_name(f"{part.name}.jsonl")
    missing: list[str] = []
    try:
        with zipfile.ZipFile(part, "x", zipfile.ZIP_STORED) as packed:
            with reading(project.db.path) as connection:
                connection.execute("VACUUM INTO ?", (uri(copy, "rwc"),))
            dump.write_file(copy, text)
            packed.write(project.folder / layout.CARD, f"{_root(project)}/{layout.CARD}")
            packed.write(copy, f"{_root(project)}/{layout.DATABASE}", zipfile.ZIP_DEFLATED, 1)
            packed.write(text, f"{_root(project)}/{dump.NAME}", zipfile.ZIP_DEFLATED, 1)
            blobs = _blobs(copy)
            for digest, extension in watch.each(blobs, len(blobs)):
                try:
                    path = project.blobs.find(digest, [extension])
                except MissingBlob:
                    missing.append(digest)
                    continue
                packed.write(path, f"{_root(project)}/blobs/{digest[:2]}/{digest}{extension}")
        with part.open("r+b") as file:
            files.sync_file(file.fileno())
        part.replace(target)
        files.sync_folder(target.parent)
    except OSError as error:
        raise files.as_studio_error(error, target, f"“{shown(target.name)}”") from error
    finally:
        for left in (part, copy, text):
            left.unlink(missing_ok=True)
    return missing


def unpack(archive: Path, target: Path) -> Path:
    """Unpacks a packed project below the folder `target`, checks it whole, and returns the project's folder.

    It is named after the one that was packed, with a number where that name is taken.

    Raises:
        BadInput: hostile, damaged, or no packed project. ProjectNewer. ProjectDamaged. DiskFull. Nothing was
        left behind.
    """
    regular_file(archive)
    try:
        target.mkdir(parents=True, exist_ok=True)
        scratch = target / f".unpacking-{uuid.uuid4().hex[:8]}"
        scratch.mkdir()
    except OSError as error:
        raise layout.cannot_create(target, error) from error
    try:
        limit = max(MOST_BYTES, 2 * archive.stat().st_size)
        with watch.part(0, 0.6):
            found = extract(archive, scratch, most_entries=MOST_ENTRIES, most_bytes=limit)
        root = _root_of(archive, found)
        with watch.part(0.6, 0.9):
            _check_blobs(scratch / root, archive)
        layout.furnish(scratch / root)
        Project.open(scratch / root, read_only=True).close()
        backups.prove(scratch / root / layout.DATABASE)
        final = _free_name(target, root)
        (scratch / root).rename(final)
        files.sync_folder(target)
        return final
    except OSError as error:
        raise files.as_studio_error(error, target, f"“{shown(archive.name)}”") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _root(project: Project) -> str:
    """A folder's name that every system can have; the same rules as `unzip` refuses by."""
    name = re.sub(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]', "_", project.name).strip(" .")
    while len(name.encode()) > 200:
        name = name[:-1]
    return f"{name.strip(' .') or 'Project'}{SUFFIX}"


def _root_of(archive: Path, found: list[PurePosixPath]) -> str:
    """The one folder that everything lies in. Raises BadInput for what is no packed project."""
    roots = {path.parts[0] for path in found}
    inside = ["/".join(path.parts[1:]) for path in found]
    strange = [name for name in inside if not _ALLOWED.fullmatch(name)]
    if len(roots) != 1 or strange or layout.DATABASE not in inside:
        raise BadInput(
            tr("“{name}” is not a packed Studio project.", name=shown(archive.name)),
            tr("Choose a file that was made with “Pack for sharing”."),
            ascii(strange[:5]),
        )
    return roots.pop()


def _check_blobs(folder: Path, archive: Path) -> None:
    every = list((folder / "blobs").glob("*/*"))
    for path in watch.each(every, len(every)):
        if digest_of(path) != path.name.partition(".")[0]:
            raise BadInput(
                tr("“{name}” was not unpacked: a file in it is damaged.", name=shown(archive.name)),
                tr("Pack the project again, or copy the zip file again."),
                path.name,
            )


def _blobs(database: Path) -> list[tuple[str, str]]:
    with reading(database) as connection:
        return [
            tuple(row)
            for row in connection.execute("SELECT DISTINCT digest, extension FROM item ORDER BY 1, 2")
        ]


def _free_name(target: Path, root: str) -> Path:
    stem, number = root.removesuffix(SUFFIX), 1
    final = target / root
    while final.exists():
        number += 1
        final = target / f"{stem} {number}{SUFFIX}"
    return final
