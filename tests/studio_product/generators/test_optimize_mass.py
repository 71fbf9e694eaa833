"""Parts weigh what was asked and reach their loads, also where much of the design stays gray."""

from __future__ import annotations

import msgspec
import pytest
from studio_product.core.files.partfile import read_part
from studio_product.core.part import Part
from studio_product.core.studies.study import LoadCase, Study, Support, Target
from studio_product.generators.optimize_generator import Optimize

from studio.api import BadInput
from studio.testing import RunGenerator

from .simp_studies import at, mbb_beam, plate, published, pull

pytest_plugins = ["studio.testing"]


def _part(run_generator: RunGenerator, study: Study) -> Part:
    settings = {"study": msgspec.to_builtins(study), "variants": 1}
    (artifact,) = run_generator(Optimize, settings, seed=1).artifacts
    return read_part(artifact.path)


@pytest.mark.slow
def test_an_arch_under_its_own_weight_has_the_mass_that_was_asked(run_generator: RunGenerator) -> None:
    """Self-weight leaves thin gray all around (Bruyneel and Duysinx 2005)."""
    study = plate(
        40,
        20,
        supports=(
            Support(name="left", shape=at(0, 0, 0), fixed=("x", "y")),
            Support(name="right", shape=at(40, 0, 0), fixed=("x", "y")),
        ),
        cases=(LoadCase(name="weight", gravity=(0, -1, 0)),),
        target=Target(volume=0.2),
        method=published("density", 2.0),
    )
    assert _part(run_generator, study).mesh.volume == pytest.approx(0.2 * 40 * 20, rel=0.005)


@pytest.mark.slow
def test_a_part_bears_its_load_or_is_none(run_generator: RunGenerator) -> None:
    """With so few cells the tip is gray, and its surface hangs by a thread, or by none."""
    study = plate(31, 7, cases=(pull("tip", at(31, 3.5, 0), 0, -1, 0),), method=published("sensitivity", 1.5))
    try:
        part = _part(run_generator, study)
    except BadInput as failure:
        assert "join" in failure.message
    else:
        compliance = part.numbers.find("compliance")
        assert compliance
        assert compliance.worst.value < 2000


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "expected"), [("sensitivity", 216.81366), ("density", 233.71457)])
def test_a_published_problem_comes_out_as_published(
    run_generator: RunGenerator, monkeypatch: pytest.MonkeyPatch, kind: str, expected: float
) -> None:
    """On the cells that it names, however many: the MBB beam of Andreassen et al. 2011."""
    monkeypatch.setattr("studio_product.generators.designing.EXPLORED", {2: 400, 3: 400})
    study = msgspec.structs.replace(mbb_beam(kind), method=published(kind, iterations=300))
    result = run_generator(Optimize, {"study": msgspec.to_builtins(study), "variants": 1})
    assert result.numbers["compliance"] == pytest.approx(expected, rel=1e-4)
