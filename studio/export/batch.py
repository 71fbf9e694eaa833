"""Writes items of a project to a folder. The window and the command line both call `export`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from studio.core.file_names import safe_name
from studio.core.item import Item
from studio.errors import BadInput, DiskFull, StudioError
from studio.export import manifest, naming
from studio.export.formats import Format, Formats
from studio.export.manifest import ExportedFile, FileBeside
from studio.export.target import Collision, FolderRefused, Target
from studio.export.writer import Writer
from studio.project.store import Project
from studio.service.service import Service
from studio.words import in_sentence, tr


@dataclass(frozen=True)
class ExportReport:
    """What an export did. `manifest` is the JSON one, if there is one; the CSV lies beside it."""

    folder: Path
    files: tuple[ExportedFile, ...]
    manifest: Path | None
    skipped: tuple[Item, ...]
    failed: tuple[tuple[Item, StudioError], ...]


def check_choices(template: str, format: str | None, formats: Formats) -> None:
    """Raises `BadInput` for a template that `export` would refuse, or a format that no kind of item has."""
    naming.check_template(template)
    if format is not None and format not in formats.ids():
        raise BadInput(
            tr("Studio cannot export to “{format}”.", format=format),
            tr("Choose one of {formats}.", formats=", ".join(formats.ids())),
        )


def check_folder(project: Project, folder: Path) -> Target:
    """The folder to export to, made where it is missing. Raises `BadInput` where nothing could be written."""
    if folder.resolve().is_relative_to(project.folder.resolve()):
        raise BadInput(
            tr("“{folder}” is inside the project.", folder=folder),
            tr("Choose a folder outside it: the project keeps its own order."),
        )
    return Target(folder)


def file_name(project: Project, item: Item, number: int, template: str, format: Format | None) -> str:
    """What `export` calls this item's file, unless that name is taken: for a preview of the names.

    `format` is what `Formats.wanted` tells: None where the item's own bytes go out.
    """
    extension = format.extension if format else item.extension
    recipe = project.recipe_of(item.uid)
    return naming.render(template, item, recipe, number, project=project.name, extension=extension)


def export(
    project: Project,
    items: Sequence[Item],
    folder: Path,
    service: Service,
    *,
    template: str = "{name}",
    formats: Mapping[str, str] | None = None,
    options: Mapping[str, Mapping[str, float]] | None = None,
    collision: Collision = "number",
    with_manifest: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> ExportReport:
    """Writes `items` to `folder`, in this order, and a manifest (JSON and CSV) of what was written.

    Each file has the very bytes of the project unless a format is chosen for items of its kind that it does
    not have already. Formats of plugins are written by `service`, and may bring further files along. A file
    appears only once it is whole. An item whose bytes are missing or unreadable, or whose plugin fails, is
    listed in the report as failed and the rest go on; a folder that cannot be written to stops the export.
    Two items of one export never share a file, whatever `collision`.

    Args:
        formats: by kind; one that nothing installed writes counts as not chosen.
        options: of the format, by kind.
        on_progress: is called with the number done and the total after each item.
        check: is called again and again while a plugin writes; what it raises ends the export.

    Raises:
        BadInput: nothing to export, a bad template, a folder that cannot be used.
        DiskFull: what was written before stays.
    """
    if not items:
        raise BadInput(tr("There is nothing to export."), tr("Select at least one picture."))
    naming.check_template(template)
    if collision not in get_args(Collision):
        raise BadInput(
            tr("Unknown choice for files that exist: {collision}.", collision=collision),
            tr("Use number, skip or replace."),
        )
    target = check_folder(project, folder)
    writer = Writer(service, check)
    written: list[ExportedFile] = []
    skipped: list[Item] = []
    failed: list[tuple[Item, StudioError]] = []
    for number, item in enumerate(items, start=1):
        try:
            format = writer.formats.wanted(item, formats or {})
            name = file_name(project, item, number, template, format)
            source = project.blob_path(item.digest)
            if collision == "skip" and target.has_foreign(name):
                skipped.append(item)
                continue
            given = (options or {}).get(item.kind, {})
            path, digest, size, beside = _write(writer, target, item, source, name, format, given, collision)
            written.append(ExportedFile(path, item, project.recipe_of(item.uid), digest, size, beside))
        except (DiskFull, FolderRefused):
            raise
        except StudioError as error:
            failed.append((item, error))
        finally:
            if on_progress is not None:
                on_progress(number, len(items))
    return ExportReport(
        folder=folder,
        files=tuple(written),
        manifest=_write_manifest(project, target, written, collision) if written and with_manifest else None,
        skipped=tuple(skipped),
        failed=tuple(failed),
    )


def check_file(file: Path, kind: str, formats: Formats) -> None:
    """Raises `BadInput` where `export_file` could not write an item of this kind there, before it is made."""
    offered = formats.of_kind(kind)
    if offered and formats.of_file(kind, file.suffix) is None:
        raise BadInput(
            tr(
                "Studio cannot write “{name}”: no format for “{kind}” has this ending.",
                name=file.name,
                kind=in_sentence(tr(formats.kinds.get(kind).plural)),
            ),
            tr("Let the name end in {formats}.", formats=", ".join(format.extension for format in offered)),
        )
    Target(file.absolute().parent)


def export_file(project: Project, items: Sequence[Item], file: Path, service: Service) -> tuple[Path, ...]:
    """Writes one job's artifacts as `file`, replacing it; the second and later ones get a number.

    The extension decides the format. What goes along with the format stands beside each.

    Raises: what `export` and `check_file` raise, `MissingBlob`, and what an exporter raises.
    """
    target = Target(file.absolute().parent)
    writer = Writer(service)
    paths = []
    for item in items:
        check_file(file, item.kind, writer.formats)
        source = project.blob_path(item.digest)
        format = writer.formats.of_file(item.kind, file.suffix)
        if format and format.is_of(item.extension):
            format = None
        paths.append(_write(writer, target, item, source, file.name, format, {}, "replace")[0])
    return tuple(paths)


def _write(
    writer: Writer,
    target: Target,
    item: Item,
    source: Path,
    name: str,
    format: Format | None,
    options: Mapping[str, float],
    collision: Collision,
) -> tuple[Path, str, int, tuple[FileBeside, ...]]:
    """One item as a file called `name`: its path, SHA-256 and size, and what stands beside it."""
    own = writer.beside_of(item) if format is None else None
    if format is None and own is None:
        return *target.copy(name, source, item.digest, collision), ()
    with target.workroom() as room:
        if format is None:
            assert own is not None
            beside = writer.write_beside(item, source, own, room / name)
            path, digest, size = target.copy(name, source, item.digest, collision)
        else:
            made, *beside = writer.write(item, source, format, room / name, options)
            path, digest, size = target.take(name, made, collision)
        return path, digest, size, _take_beside(target, path, Path(name).stem, beside, collision)


def _take_beside(
    target: Target, path: Path, stem: str, files: Sequence[Path], collision: Collision
) -> tuple[FileBeside, ...]:
    """Puts files in place, named after the file that they go with. The same one is not written twice: an item
    may go out in several formats.

    `stem` is what that file was called when they were made.
    """
    found = []
    for file in files:
        end = file.name.removeprefix(stem)
        name = safe_name(path.stem, end) if end != file.name else safe_name(file.stem, file.suffix)
        there = target.find(name, file)
        if there is None and collision == "skip" and target.has_foreign(name):
            continue
        found.append(FileBeside(*(there or target.take(name, file, collision))))
    return tuple(found)


def _write_manifest(
    project: Project, target: Target, files: Sequence[ExportedFile], collision: Collision
) -> Path:
    name = target.free_stem("manifest", (".json", ".csv")) if collision != "replace" else "manifest"
    table = manifest.as_csv(files).encode("utf-8-sig")  # the mark is what makes Excel read it as UTF-8
    target.write(name + ".csv", table, collision)
    document = manifest.as_json(project.name, files, datetime.now(UTC)).encode()
    return target.write(name + ".json", document, collision)[0]
