"""Studies as values of a form's field: from files with the shapes that they name, checked before a job."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.api.values import BadInput, is_file, path_of, read_at_most, regular_file, shown, tr
from studio_product.core.studies.study import Study
from studio_product.core.studies.study_file import MAX_BYTES, study_from_json
from studio_product.core.studies.study_value import files_of, study_of, value_of, with_files


def read(
    file: Path, slots: Sequence[str], taken: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, Path]]:
    """The value of a field for a study in a file, and the files for inputs that it names. See `read_study`.

    Raises:
        BadInput: a file that it names is no shape, too: a study from elsewhere may name any file, and no
            other one comes into the project.
    """
    from studio_product.core.files.mesh_files import read_mesh

    study, shapes = read_study(file, slots, taken)
    for path in shapes.values():
        read_mesh(path)
    return value_of(study), shapes


def check(value: Mapping[str, Any], inputs: Collection[str]) -> dict[str, Any]:
    """A field's value as a recipe holds it: without what is at its default.

    It is checked as far as it can be without its meshes.

    Raises:
        BadInput: It is no study, or names a shape that is none of the inputs given.
    """
    if not value:
        raise BadInput(
            tr("No study is set up: nothing says what the part must do."),
            tr("Set one up under “Part”, or give a file with --study; “studio studies” lists examples."),
        )
    study = study_of(value)
    for name in files_of(study):
        if name not in inputs:
            raise BadInput(
                tr("The study works from the shape “{name}”, which is not there.", name=name),
                tr("Add its file again, or remove the shape from the study."),
            )
    return value_of(study)


def read_study(
    file: Path, slots: Sequence[str], taken: Collection[str] = ()
) -> tuple[Study, dict[str, Path]]:
    """A study whose shapes are called by the generator's inputs, and the shapes' files by these names.

    Args:
        file: names its shapes relative to itself. A shape that already has an input's name, as in the study
            beside an exported part, keeps it, and its file has to be given apart.
        slots: the inputs that take shapes.
        taken: those that get a file from elsewhere.

    Raises:
        BadInput: it is no study, a shape's file is not there, or it names more shapes than there are inputs.
    """
    study = study_from_json(_bytes_of(file))
    names = files_of(study)
    given = {name for name in names if name in slots and not is_file(file.parent / path_of(name))}
    free = [slot for slot in slots if slot not in given and slot not in taken]
    named = [name for name in names if name not in given]
    if len(named) > len(free):
        raise BadInput(
            tr("“{file}” names {count} shapes from files, and {most} can be given.", file=shown(file.name),
               count=len(names), most=len(slots)),
            tr("Join some of them to one file in the program that made them."),
        )  # fmt: skip
    shapes = {slot: file.parent / path_of(name) for name, slot in zip(named, free, strict=False)}
    for name, path in zip(named, shapes.values(), strict=True):
        if not is_file(path):
            raise missing_shape(file, name)
    return with_files(study, dict(zip(named, shapes, strict=True))), shapes


def missing_shape(file: Path, name: str) -> BadInput:
    """For a study in this file."""
    return BadInput(
        tr("“{file}” names the shape “{name}”, which is not there.", file=shown(file.name), name=name),
        tr("A study names its shapes relative to its own folder: put the file there."),
    )


def _bytes_of(file: Path) -> bytes:
    regular_file(file)
    try:
        return read_at_most(file, MAX_BYTES)
    except OSError as error:
        raise BadInput(
            tr("“{name}” cannot be read.", name=shown(file.name)),
            tr("Check that you may read the file."),
            ascii(error),
        ) from error
