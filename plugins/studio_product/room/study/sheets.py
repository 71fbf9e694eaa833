"""The sheet for each sort of thing in a study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import structs
from PySide6.QtCore import Signal

from studio.api.values import tr
from studio.ui.api import button, label
from studio_product.core.studies.catalog import OWN_MATERIAL, said
from studio_product.core.studies.study import Material, Shape, Target
from studio_product.room.study.places import Kind
from studio_product.room.study.rows import MOST, ChoiceEditor, QuantityEditor, room_below
from studio_product.room.study.shape_editor import ShapeEditor
from studio_product.room.study.sheet import Sheet
from studio_product.room.study.words import side_words, sides_of

ChooseFile = Callable[[Callable[[Shape], object]], object]

_LEAST = 1e-4


class StudySheet(Sheet):
    def __init__(self) -> None:
        super().__init__()
        self.line("name", tr("Name"))
        self.notes("notes", tr("Notes"))


class SpaceSheet(Sheet):
    """The box, and the shape in it that may be filled."""

    file_wanted = Signal()
    file_dropped = Signal()
    scale_wanted = Signal(float)
    """mm that one of the file's units is."""

    def __init__(self) -> None:
        super().__init__(tr("The part stays within this box, or within a shape from a file that lies in it."))
        self._grid = self.vectors(("size", tr("Size"), "mm", _LEAST))
        self._unit = ChoiceEditor([(1.0, "mm"), (10.0, "cm"), (1000.0, "m"), (25.4, tr("inch"))])
        self.put("unit", tr("Filled within a shape from a file, which counts in"), self._unit)
        self._import = button(tr("Use a shape from a file…"))
        self._import.clicked.connect(self.file_wanted)
        self._drop = button(tr("Use the whole box"))
        self._drop.clicked.connect(self.file_dropped)
        self.add(room_below(self._import))
        self.add(room_below(self._drop))

    def value(self, attribute: str) -> Any:
        if attribute == "unit":
            return self.thing.shape.scale if self.thing.shape is not None else None
        return super().value(attribute)

    def show_value(self, thing: Any, dimensions: int) -> None:
        super().show_value(thing, dimensions)
        self._grid.set_dimensions(3)
        self._grid.name_third(tr("Thick") if dimensions == 2 else "Z")
        self.blocks["unit"].setVisible(thing.shape is not None)
        self._drop.setVisible(thing.shape is not None)

    def _on_edited(self, attribute: str, value: Any) -> None:
        if attribute == "unit":
            self.scale_wanted.emit(value)
        else:
            super()._on_edited(attribute, value)


class MaterialSheet(Sheet):
    """One of the library, or numbers of one's own."""

    def __init__(self, library: Sequence[Material]) -> None:
        super().__init__()
        self._library = {material.name: material for material in library}
        names = [(name, said(name)) for name in self._library]
        self._choice = ChoiceEditor([*names, ("", tr("Own numbers"))])
        self.put("library", tr("Material"), self._choice)
        self.line("name", tr("Name"))
        self.number("youngs_modulus", tr("Young's modulus"), "MPa", _LEAST)
        self.number("poissons_ratio", tr("Poisson's ratio"), "", 0.0, 0.499)
        self.number("density", tr("Density"), "g/cm³", _LEAST)
        self.number("yield_strength", tr("Yield strength"), "MPa", _LEAST)
        self._source = label("", "small", wrap=True)
        self.add(self._source)

    def value(self, attribute: str) -> Any:
        if attribute == "library":
            return self.thing.name if self._library.get(self.thing.name) == self.thing else ""
        return super().value(attribute)

    def show_value(self, thing: Any, dimensions: int) -> None:
        super().show_value(thing, dimensions)
        self._source.setText(tr("Source: {source}", source=said(thing.source)) if thing.source else "")
        self._source.setVisible(bool(thing.source))

    def _on_edited(self, attribute: str, value: Any) -> None:
        if attribute == "library":
            own = structs.replace(self.thing, name=OWN_MATERIAL, source="")
            chosen = self._library.get(value, own)
            self.show_value(chosen, 3)
            self.edited.emit(chosen, attribute)
        else:
            if attribute != "name":  # no longer what the source says
                values = {"source": "", attribute: value}
                if self.thing.name in self._library:
                    values["name"] = OWN_MATERIAL
                self.tell(attribute, **values)
            else:
                super()._on_edited(attribute, value)
            self.show_value(self.thing, 3)


class SupportSheet(Sheet):
    def __init__(self, choose_file: ChooseFile) -> None:
        super().__init__()
        self.line("name", tr("Name"))
        self.shape = ShapeEditor(faces=True, choose_file=choose_file)
        self.put("shape", tr("Where"), self.shape)
        help = tr("Held along all axes means screwed or glued on.")
        self.axes("fixed", tr("Cannot move along"), help, least=1)
        _keep(self)


class LoadSheet(Sheet):
    def __init__(self, choose_file: ChooseFile) -> None:
        super().__init__()
        self.line("name", tr("Name"))
        self.vectors(("force", tr("Force"), "N", -MOST))
        self.shape = ShapeEditor(faces=True, choose_file=choose_file)
        self.put("shape", tr("Where"), self.shape)
        self.vectors(("moment", tr("Moment"), "N·mm", -MOST), turning=True)
        spread = [("area", tr("By area")), ("nodes", tr("The same on every point"))]
        self.choice("spread", tr("Spread"), spread)
        _keep(self)


def _keep(sheet: Sheet) -> None:
    kept = [(True, tr("Always there")), (False, tr("Only where it is needed"))]
    sheet.choice("keep", tr("Material under it"), kept)


class CaseSheet(Sheet):
    add_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Loads of one case act together. Cases never act at the same time."))
        self.line("name", tr("Name"))
        self.number("weight", tr("Importance"), "×", _LEAST, help=tr("Of its stiffness among all cases."))
        help = tr("The part's own weight. On the earth it is 1 g, downwards: -1.")
        self.vectors(("gravity", tr("Gravity"), "g", -MOST))
        self.add(label(help, "small", wrap=True))
        more = button(tr("Add a load"))
        more.clicked.connect(lambda: self.add_wanted.emit("load"))
        self.add(room_below(more))


class RegionSheet(Sheet):
    def __init__(self, choose_file: ChooseFile) -> None:
        super().__init__()
        self.line("name", tr("Name"))
        self.choice("role", tr("Material"), [("keep-in", tr("Must be here")), ("keep-out", tr("Never here"))])
        self.shape = ShapeEditor(faces=False, choose_file=choose_file)
        self.put("shape", tr("Where"), self.shape)


class TargetSheet(Sheet):
    """Either a share of the space or a mass."""

    def __init__(self) -> None:
        super().__init__(
            tr("How much material the part is made of. The best use of it is what is looked for.")
        )
        self._way = ChoiceEditor([("volume", tr("A share of the space")), ("mass", tr("A mass"))])
        self.put("way", tr("Given as"), self._way)
        self._share = QuantityEditor("%", 0.1, 100.0, scale=100.0)
        self.put("volume", "", self._share)
        self._share.focus.setAccessibleName(tr("Share of the space"))
        self._mass = QuantityEditor("g", _LEAST)
        self.put("mass", "", self._mass)
        self._mass.focus.setAccessibleName(tr("Mass"))
        self.full_mass = 0.0
        """g: of the space, filled whole."""

    def value(self, attribute: str) -> Any:
        if attribute == "way":
            return "volume" if self.thing.mass is None else "mass"
        found = super().value(attribute)
        return found if found is not None else 1.0

    def show_value(self, thing: Any, dimensions: int) -> None:
        super().show_value(thing, dimensions)
        self._share.focus.setVisible(thing.mass is None)
        self._mass.focus.setVisible(thing.mass is not None)

    def _on_edited(self, attribute: str, value: Any) -> None:
        if attribute == "way":
            share = self.thing.volume or min(1.0, (self.thing.mass or 0.0) / self.full_mass)
            value = round(share, 3) if value == "volume" else float(f"{share * self.full_mass:.3g}")
            attribute = "volume" if self.thing.mass is not None else "mass"
        self.show_value(Target(**{attribute: value}), 3)
        self.edited.emit(self.thing, attribute)


class MakingSheet(Sheet):
    def __init__(self) -> None:
        super().__init__()
        self.number("minimum_member", tr("Thinnest member"), "mm", help=tr("0 leaves it to the quality."))
        self.axes("symmetry", tr("Halves mirror each other along"))
        axes = [(None, tr("None")), *((axis, axis.upper()) for axis in "xyz")]
        self.choice("extrusion", tr("The same cross-section along"), axes)
        help = tr("What hangs over by more than 45° is avoided, so that it prints without props.")
        self._build = self.choice("build", tr("Printed with this side up"), [], help)
        self._dimensions = 0

    def show_value(self, thing: Any, dimensions: int) -> None:
        if dimensions != self._dimensions:
            self._dimensions = dimensions
            sides = [(side, side_words(side, dimensions)) for side in sides_of(dimensions)]
            self._build.set_values([(None, tr("Not printed, or with props")), *sides])
            self.blocks["extrusion"].setVisible(dimensions == 3)  # a plate is one anyway
        super().show_value(thing, dimensions)


class MethodSheet(Sheet):
    """Numbers of the optimization."""

    def __init__(self) -> None:
        super().__init__(tr("For those who know SIMP. Others leave all of this as it is."))
        filters = [("density", tr("Density")), ("sensitivity", tr("Sensitivity"))]
        self.choice("filter", tr("Filter"), filters)
        self.number("radius", tr("Filter radius"), "mm", help=tr("0 follows from the thinnest member."))
        crisp = [(True, tr("Projected (crisp edges)")), (False, tr("As the filter leaves them"))]
        self.choice("projection", tr("Densities"), crisp)
        self.number("penalty", tr("Penalty"), "", 1.0, 8.0)
        self.number("move", tr("Move limit"), "", 0.001, 1.0)
        self.number("change", tr("Stops at a change of"), "", 0.0, 0.999)
        self.number(
            "iterations", tr("Iterations at most"), "", 0.0, 5000.0, help=tr("0 leaves it to the quality.")
        )

    def value(self, attribute: str) -> Any:
        return super().value(attribute) or 0

    def _on_edited(self, attribute: str, value: Any) -> None:
        if attribute == "iterations":
            value = round(value)
        if attribute in ("radius", "iterations"):
            value = value or None
        super()._on_edited(attribute, value)


class HeadingSheet(Sheet):
    """What belongs under a heading, and the way to add one."""

    add_wanted = Signal(str)
    """"support", "load", "case", "keep-in" or "keep-out"."""

    def __init__(self, explanation: str, *adds: tuple[str, str]) -> None:
        super().__init__(explanation)
        for kind, words in adds:
            made = button(words)
            made.clicked.connect(lambda _=False, kind=kind: self.add_wanted.emit(kind))
            self.add(room_below(made))


def heading(kind: Kind) -> HeadingSheet:
    match kind:
        case "supports":
            told = tr("Where the part is held: the wall behind a bracket, screws, the floor below a chair.")
            return HeadingSheet(told, ("support", tr("Add a support")))
        case "cases":
            told = tr("What pulls and pushes: the cup on a hook, the books on a shelf, a person on a chair.")
            return HeadingSheet(told, ("load", tr("Add a load")), ("case", tr("Add a load case")))
        case "keep-in":
            told = tr("Where there must be material: around screws, under a plate.")
            return HeadingSheet(told, ("keep-in", tr("Add a place to keep in")))
    told = tr("Where there must be none: holes for screws, room for hands, for other parts.")
    return HeadingSheet(told, ("keep-out", tr("Add a place to keep out")))
