"""The one way from a form or a command line to a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.core.generator import GeneratorDescription
from studio.core.given_files import regular_file, shown
from studio.core.item import Item
from studio.core.params import ModelRule, applies, defaults, hints, model_fields, validate
from studio.core.recipe import ModelUse, Numerics, Recipe
from studio.errors import BadInput, ModelRefused
from studio.given_paths import is_file, is_folder
from studio.models.store import Model, ModelStore
from studio.plugins.hints import checked_value
from studio.project.intake import Intake
from studio.project.store import Project
from studio.words import tr

PHOTO_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".jfif"}


def make_recipe(
    project: Project,
    generator: GeneratorDescription,
    values: Mapping[str, Any],
    inputs: Mapping[str, Path | Item],
    *,
    seed: int,
    device: str,
    threads: int,
    models: ModelStore,
    assets: Intake | None = None,
) -> Recipe:
    """A recipe that can be queued. Files are brought into the project as assets; models are named by digest.

    With `assets` the files' items come in with the job, when `Queue.submit` gets the same.

    A value with a plugin's hint is checked by that plugin, as far as it says how (`ReaderRow.check`).
    A model field that does not matter for these values (`Ui.when`) is set to its default, so that the recipe
    holds nothing that the generation does not depend on.

    Raises:
        InvalidParams, BadInput, ModelRefused, DiskFull: in words for people; nothing is queued.
    """
    schema = generator.params_schema
    params = validate(schema, values)
    slots = {slot.name: slot for slot in generator.inputs}
    for name in inputs:
        if name not in slots:
            raise BadInput(
                tr("“{title}” has no input “{name}”.", title=generator.title, name=name),
                tr("It has: {names}.", names=", ".join(slots)) if slots else "",
            )
    for slot in generator.inputs:
        if slot.required and slot.name not in inputs:
            raise BadInput(
                tr("{title}: nothing is chosen.", title=tr(slot.title)),
                tr("Choose a file or an item of the project."),
            )
    for field, hint in hints(schema).items():
        params[field] = checked_value(hint, params[field], inputs)
    used: dict[str, ModelUse] = {}
    for field, rule in model_fields(schema).items():
        spec = schema["properties"][field]
        if not applies(spec, params):
            params[field] = defaults(schema)[field]
            continue
        model = _chosen(generator, models, rule, str(params[field]))
        if model is not None:
            params[field] = model.digest
            used[field] = ModelUse(name=model.name, digest=model.digest, licence=model.licence)
    for given in inputs.values():
        if isinstance(given, Path):
            regular_file(given)  # all of them are there, before any is brought in
    digests = {}
    for name, given in inputs.items():
        item = (
            given if isinstance(given, Item) else (assets or project).add_asset(given, kind=slots[name].kind)
        )
        digests[name] = item.digest
    return Recipe(
        generator=generator.id,
        generator_version=generator.version,
        params=params,
        inputs=digests,
        models=used,
        seed=seed,
        device=device,
        numerics=Numerics(threads=threads),
    )


def _chosen(generator: GeneratorDescription, models: ModelStore, rule: ModelRule, value: str) -> Model | None:
    """The model that a field's value means; None where it means none.

    Raises:
        ModelRefused: it does not fit; or none was chosen where one is needed, and none is there.
    """
    if value:
        model = models.resolve(value, rule.formats)
        if not rule.takes(model.format, model.instruct):
            raise ModelRefused(
                tr("“{name}” follows no instructions, and “{title}” needs that.", name=model.name,
                   title=tr(generator.title)),
                tr("Choose a model that was trained to: studio models catalog lists them."),
            )  # fmt: skip
        return model
    if not rule.is_needed:
        return None
    found = models.fitting(rule)
    if not found:
        raise ModelRefused(
            tr("“{title}” needs a model, and none is installed that fits.", title=tr(generator.title)),
            tr("Get one under Models, or with: studio models install"),
        )
    return found[0]


def pair_folders(photos: Path, masks: Path) -> list[tuple[Path, Path]]:
    """Each photo of a folder with its mask, by name. `masks` is one file for all of them, or a folder where
    the mask of "photo.jpg" is called "photo" or "photo_mask", of any picture type.

    Raises:
        BadInput: naming every photo that has no mask, or more than one.
    """
    pictures = pictures_in(photos)
    if not pictures:
        raise BadInput(
            tr("There is no photo in “{name}”.", name=photos.name),
            tr("Choose a folder with PNG, JPEG, WebP or TIFF files."),
        )
    if not is_folder(masks):
        if not is_file(masks):
            raise BadInput(
                tr("The mask “{name}” is not there.", name=masks.name),
                tr("Choose a mask file, or a folder of masks."),
            )
        return [(photo, masks) for photo in pictures if photo.resolve() != masks.resolve()]
    candidates: dict[str, list[Path]] = {}
    for mask in pictures_in(masks):
        candidates.setdefault(mask.stem, []).append(mask)
    if photos.resolve() == masks.resolve():
        candidates = {stem: found for stem, found in candidates.items() if stem.endswith("_mask")}
        pictures = [photo for photo in pictures if not photo.stem.endswith("_mask")]
    pairs = [
        (photo, candidates.get(photo.stem, []) + candidates.get(f"{photo.stem}_mask", []))
        for photo in pictures
    ]
    without = [photo.name for photo, found in pairs if not found]
    if without:
        raise BadInput(
            tr(
                "{count} of {all} photos have no mask: {names}.",
                count=len(without),
                all=len(pictures),
                names=", ".join(without),
            ),
            tr("Name each mask like its photo, or photo_mask, or choose one mask for all."),
        )
    unclear = [photo.name for photo, found in pairs if len(found) > 1]
    if unclear:
        raise BadInput(
            tr("More than one mask fits {names}.", names=", ".join(unclear)),
            tr("Leave one mask per photo in the folder of masks."),
        )
    return [(photo, found[0]) for photo, found in pairs]


def pictures_in(folder: Path) -> list[Path]:
    """By name. Raises BadInput."""
    try:
        return sorted(
            path for path in folder.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES and path.is_file()
        )
    except (OSError, ValueError) as error:  # also a name that no folder can have
        name = shown(folder.name)
        raise BadInput(tr("“{name}” is no folder.", name=name), tr("Choose a folder of photos.")) from error
