"""Writes items of a project to a folder. The window and the command line both call `export`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from studio.core.file_names import safe_name
from studio.core.item import Item
from studio.core.kind import Kind
from studio.errors import BadInput, DiskFull, StudioError
from studio.export import formats, manifest, naming
from studio.export.manifest import ExportedFile, FileBeside
from studio.export.target import Collision, FolderRefused, Target
from studio.project.store import Project
from studio.words import tr


@dataclass(frozen=True)
class ExportReport:
    """What an export did. `manifest` is the JSON one, if there is one; the CSV lies beside it."""

    folder: Path
    files: tuple[ExportedFile, ...]
    manifest: Path | None
    skipped: tuple[Item, ...]
    failed: tuple[tuple[Item, StudioError], ...]


def check_choices(template: str, *asked: str | None) -> None:
    """Raises `BadInput` for a template or a format that `export` would refuse."""
    naming.check_template(template)
    for format in asked:
        if format is not None and format not in formats.EXTENSIONS:
            raise BadInput(
                tr("Studio cannot export to “{format}”.", format=format),
                tr("Choose one of {formats}.", formats=", ".join(formats.EXTENSIONS)),
            )


def check_folder(project: Project, folder: Path) -> Target:
    """The folder to export to, made where it is missing. Raises `BadInput` where nothing could be written."""
    if folder.resolve().is_relative_to(project.folder.resolve()):
        raise BadInput(
            tr("“{folder}” is inside the project.", folder=folder),
            tr("Choose a folder outside it: the project keeps its own order."),
        )
    return Target(folder)


def file_name(project: Project, item: Item, number: int, template: str, *asked: str | None) -> str:
    """What `export` calls this item's file, unless that name is taken: for a preview of the names.

    `asked` are the formats that are asked for, of which one may fit the item's kind.
    """
    format = formats.wanted(item, asked)
    extension = formats.EXTENSIONS[format] if format else item.extension
    recipe = project.recipe_of(item.uid)
    return naming.render(template, item, recipe, number, project=project.name, extension=extension)


def export(
    project: Project,
    items: Sequence[Item],
    folder: Path,
    *,
    template: str = "{name}",
    format: str | None = None,
    text_format: str | None = None,
    part_format: str | None = None,
    deviation: float | None = None,
    collision: Collision = "number",
    with_manifest: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
) -> ExportReport:
    """Writes `items` to `folder`, in this order, and a manifest (JSON and CSV) of what was written.

    Without `format` each file has the very bytes of the project; with one ("png", "jpeg", "webp", "tiff", for
    texts "md", "txt", "html", "docx", "pdf", for parts "stl", "3mf", "step", "obj", "glb", "svg", "dxf",
    "turntable") what it fits is converted and everything else stays as it is; `text_format` and `part_format`
    are further ones, for who asks for several. Parts may be off by `deviation` mm, for fewer triangles (see
    `studio_product.formats.convert`), and have their numbers and study beside them. A file appears only once
    it is whole. An item whose bytes are missing or unreadable is listed in the report as failed and the rest
    go on; a folder that cannot be written to stops the export. Two items of one export never share a file,
    whatever `collision`.
    `on_progress(done, total)` is called after each item.

    Raises:
        BadInput: nothing to export, a bad template or format, a folder that cannot be used.
        DiskFull: what was written before stays.
    """
    if not items:
        raise BadInput(tr("There is nothing to export."), tr("Select at least one picture."))
    asked = (format, text_format, part_format)
    check_choices(template, *asked)
    if collision not in get_args(Collision):
        raise BadInput(
            tr("Unknown choice for files that exist: {collision}.", collision=collision),
            tr("Use number, skip or replace."),
        )
    target = check_folder(project, folder)
    written: list[ExportedFile] = []
    skipped: list[Item] = []
    failed: list[tuple[Item, StudioError]] = []
    for number, item in enumerate(items, start=1):
        try:
            name = file_name(project, item, number, template, *asked)
            source = project.blob_path(item.digest)
            if collision == "skip" and target.has_foreign(name):
                skipped.append(item)
                continue
            converted = formats.wanted(item, asked)
            more = formats.beside(item, source, converted)
            if converted:
                content = formats.convert(item, source, converted, deviation=deviation)
                path, digest, size = target.write(name, content, collision)
            else:
                path, digest, size = target.copy(name, source, item.digest, collision)
            beside = _write_beside(target, path, more, collision)
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


def check_file(file: Path, kind: str) -> None:
    """Raises `BadInput` where `export_file` could not write an item of this kind there, before it is made."""
    offered = formats.of_kind(kind)
    if offered and formats.of_file(kind, file.suffix) is None:
        raise BadInput(
            _unknown_format(kind, file.name),
            tr("Let the name end in {formats}.", formats=", ".join(offered.values())),
        )
    Target(file.absolute().parent)


def export_file(project: Project, items: Sequence[Item], file: Path) -> tuple[Path, ...]:
    """Writes one job's artifacts as `file`, replacing it; the second and later ones get a number.

    The extension decides the format. Parts have their numbers and study beside them.

    Raises: what `export` and `check_file` raise, and `MissingBlob`.
    """
    target = Target(file.absolute().parent)
    paths = []
    for item in items:
        check_file(file, item.kind)
        source = project.blob_path(item.digest)
        format = formats.wanted(item, [formats.of_file(item.kind, file.suffix)])
        more = formats.beside(item, source, format)
        if format:
            path = target.write(file.name, formats.convert(item, source, format), "replace")[0]
        else:
            path = target.copy(file.name, source, item.digest, "replace")[0]
        _write_beside(target, path, more, "replace")
        paths.append(path)
    return tuple(paths)


def _unknown_format(kind: str, name: str) -> str:
    if kind == Kind.TEXT:
        return tr("Studio cannot write texts as “{name}”.", name=name)
    if formats.of_kind(kind) is formats.PARTS:
        return tr("Studio cannot write parts as “{name}”.", name=name)
    return tr("Studio cannot write pictures as “{name}”.", name=name)


def _write_beside(
    target: Target, path: Path, more: Mapping[str, bytes], collision: Collision
) -> tuple[FileBeside, ...]:
    """Named after the file that they go with. The same numbers are not written twice: a part may go out in
    several formats."""
    found = []
    for end, content in more.items():
        name = safe_name(path.stem, end)
        there = target.find(name, content)
        if there is None and collision == "skip" and target.has_foreign(name):
            continue
        written, digest, size = there or target.write(name, content, collision)
        found.append(FileBeside(written, digest, size))
    return tuple(found)


def _write_manifest(
    project: Project, target: Target, files: Sequence[ExportedFile], collision: Collision
) -> Path:
    name = target.free_stem("manifest", (".json", ".csv")) if collision != "replace" else "manifest"
    table = manifest.as_csv(files).encode("utf-8-sig")  # the mark is what makes Excel read it as UTF-8
    target.write(name + ".csv", table, collision)
    document = manifest.as_json(project.name, files, datetime.now(UTC)).encode()
    return target.write(name + ".json", document, collision)[0]
