"""`product/optimize` as the studio runs it: small studies, real variants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from studio_product.core.files.partfile import read_part
from studio_product.core.grid import Grid
from studio_product.core.part import Part
from studio_product.core.studies.domain import domain_of
from studio_product.core.studies.study import (
    Box,
    Cylinder,
    Face,
    Load,
    LoadCase,
    Material,
    Method,
    Region,
    Solid,
    Space,
    Study,
    Support,
    Target,
)
from studio_product.core.studies.voxelize import mesh_coverage
from studio_product.core.studies.voxels import shape_coverage
from studio_product.generators.optimize_generator import Optimize

from studio.api import BadInput, Cancelled
from studio.testing import Result, RunGenerator

pytest_plugins = ["studio.testing"]

PLA = Material(name="PLA", youngs_modulus=3500.0, poissons_ratio=0.35, density=1.24, yield_strength=50.0)
SMALL = Study(
    name="Small arm",
    dimensions=2,
    space=Space(size=(64.0, 32.0, 4.0), cells=(32, 16)),
    material=PLA,
    supports=(Support(name="Wall", shape=Face(side="x-")),),
    cases=(
        LoadCase(
            name="Down",
            loads=(
                Load(
                    name="Tip",
                    shape=Box(corner=(62.0, 12.0, 0.0), size=(2.0, 8.0, 4.0)),
                    force=(0.0, -50.0, 0.0),
                ),
            ),
        ),
    ),
    target=Target(volume=0.45),
    method=Method(iterations=24),
)


def _settings(study: Study, **changed: Any) -> dict[str, Any]:
    return {"study": msgspec.to_builtins(study), "variants": 3, "tolerance": 30.0} | changed


def _parts(result: Result) -> list[Part]:
    return [read_part(artifact.path) for artifact in result.artifacts]


def _bodies(part: Part) -> int:
    """Closed surfaces that face outward; cavities face inward."""
    import trimesh

    whole = trimesh.Trimesh(part.mesh.vertices, part.mesh.faces, process=False)
    return sum(piece.volume > 0 for piece in whole.split())


def _worst(part: Part, name: str) -> float:
    number = part.numbers.find(name)
    assert number is not None
    return number.worst.value


@pytest.mark.slow
def test_a_study_becomes_different_parts(run_generator: RunGenerator) -> None:
    result = run_generator(Optimize, _settings(SMALL), seed=3)
    parts = _parts(result)
    assert [artifact.name for artifact in result.artifacts] == [
        f"Small arm {rank}" for rank in range(1, len(parts) + 1)
    ]
    assert len(parts) == 3
    compliances = [_worst(part, "compliance") for part in parts]
    assert compliances == sorted(compliances)
    assert compliances[-1] <= 1.3 * compliances[0]
    assert result.numbers["variants"] == 3
    assert 30 <= result.numbers["least_distance"] <= result.numbers["mean_distance"] <= 100
    assert result.previews
    assert any("Design 3 of 8, iteration" in progress.message for progress in result.progress)
    fractions = [progress.fraction for progress in result.progress]
    assert fractions == sorted(fractions)
    for part in parts:
        assert part.study == SMALL
        assert part.seed == 3
        assert part.settings["tolerance"] == 30
        assert part.contours
        assert _worst(part, "mass") == pytest.approx(0.45 * 64 * 32 * 4 * 1.24e-3, rel=0.02)
        assert part.stresses.shape == (1, len(part.mesh.vertices))


@pytest.mark.slow
def test_a_job_that_was_broken_off_goes_on_to_the_same_bytes(
    run_generator: RunGenerator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.jobs.run.PROGRESS_SECONDS", 0.0)  # every message, on a fast computer too
    whole = run_generator(Optimize, _settings(SMALL, variants=2), seed=5)
    with pytest.raises(Cancelled):
        run_generator(Optimize, _settings(SMALL, variants=2), seed=5, kept=tmp_path, cancel_after=70)
    assert list(tmp_path.glob("member_*.npz"))
    assert list(tmp_path.glob("running_*.npz"))
    resumed = run_generator(Optimize, _settings(SMALL, variants=2), seed=5, kept=tmp_path)
    assert len(resumed.progress) <= len(whole.progress)
    assert [progress.message for progress in whole.progress if "Going on" in progress.message] == []
    going_on = next(progress for progress in resumed.progress if "Going on with" in progress.message)
    assert going_on.fraction > 0
    assert not any("Design 1 of" in progress.message for progress in resumed.progress)
    assert [each.path.read_bytes() for each in resumed.artifacts] == [
        each.path.read_bytes() for each in whole.artifacts
    ]


@pytest.mark.slow
def test_finer_studies_refine_what_was_found_on_a_coarse_grid(
    run_generator: RunGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio_product.generators.designing.EXPLORED", {2: 400, 3: 400})
    result = run_generator(Optimize, _settings(SMALL, variants=2, difference=10.0))
    part = _parts(result)[0]
    assert any("Refining variant 1 of 2" in progress.message for progress in result.progress)
    assert _bodies(part) == 1


@pytest.mark.slow
def test_too_few_variants_are_explained_and_none_is_made_up(run_generator: RunGenerator) -> None:
    result = run_generator(Optimize, _settings(SMALL, variants=2, difference=100, tolerance=1.0))
    assert len(result.artifacts) == 1
    assert any("1 of 2 variants were found" in note for note in result.notes)


@pytest.mark.parametrize(
    ("study", "said"),
    [
        ({}, "No study is set up"),
        ({"name": "?"}, "space"),
        (replace(SMALL, supports=()), "support"),
        (replace(SMALL, cases=(LoadCase(name="Nothing"),)), "load"),
        (replace(SMALL, space=Space(size=(64.0, 32.0, 4.0), shape=Solid(file="shape_1"))), "shape_1"),
    ],
)
def test_what_cannot_be_computed_is_said_before(
    run_generator: RunGenerator, study: Study | dict[str, str], said: str
) -> None:
    given_study = study if isinstance(study, dict) else msgspec.to_builtins(study)
    with pytest.raises(BadInput, match=said) as caught:
        run_generator(Optimize, {"study": given_study})
    assert caught.value.hint


@pytest.mark.slow
def test_the_surface_is_as_stiff_as_the_design(tmp_path: Path) -> None:
    """Within 3 %, and its mesh holds the design's volume within 0.5 %."""
    from studio_product.generators.numbers.measure import measure
    from studio_product.generators.problem import problem_of
    from studio_product.generators.surface.surface import surface
    from studio_product.generators.variants.levers import levers_of
    from studio_product.generators.variants.pool import Pool, anchors_of

    grid = Grid((64, 32), (64.0, 32.0), 4.0)
    domain = domain_of(SMALL, grid, {})
    levers = levers_of(2, 1, 50, 48)
    pool = Pool(problem_of(domain, SMALL), anchors_of(domain), levers, 0, tmp_path)
    member = pool.grow(lambda state: None)
    made = surface(member.density, domain, SMALL, {}, member.density.sum() * grid.cell_volume)
    assert made.mesh.volume == pytest.approx(member.density.sum() * grid.cell_volume, rel=0.005)
    measured = measure(made.mesh, SMALL, grid, {}, "cpu")
    assert measured.compliance == pytest.approx(member.compliance, rel=0.03)


@st.composite
def _studies(draw: st.DrawFn) -> Study:
    """Arms of random proportions, with a load somewhere at the right and a hole somewhere in the middle."""
    dimensions = draw(st.sampled_from([2, 3]))
    height = draw(st.integers(10, 16))
    depth = draw(st.integers(5, 8)) if dimensions == 3 else 3
    at = draw(st.integers(2, height - 4))
    hole = Cylinder(
        start=(draw(st.integers(8, 13)), draw(st.integers(3, height - 3)), -1.0),
        end=(draw(st.just(0)), 0, 0),
        radius=draw(st.floats(1.5, 2.5)),
    )
    hole = replace(hole, end=(hole.start[0], hole.start[1], depth + 1.0))
    load = Load(
        name="Pull",
        shape=Box(corner=(22.0, at, 0.0), size=(2.0, 2.0, depth)),
        force=(draw(st.integers(-5, 5)), draw(st.integers(5, 20)), 0.0),
    )
    cells = (24, height, depth) if dimensions == 3 else (24, height)
    return Study(
        name="Random arm",
        dimensions=dimensions,
        space=Space(size=(24.0, height, depth), cells=cells),
        material=PLA,
        supports=(Support(name="Wall", shape=Face(side="x-")),),
        cases=(LoadCase(name="Pull", loads=(load,)),),
        regions=(Region(name="Hole", role="keep-out", shape=hole),),
        target=Target(volume=draw(st.sampled_from([0.4, 0.5]))),
        method=Method(iterations=20),
    )


@pytest.mark.slow
@settings(
    max_examples=6,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(_studies())
def test_random_studies_give_one_piece_inside_the_space_that_keeps_out(
    run_generator: RunGenerator, study: Study
) -> None:
    (part,) = _parts(run_generator(Optimize, _settings(study, variants=1)))
    low, high = part.mesh.bounds
    assert (low >= -1e-4).all()
    assert (high <= np.array(study.space.size) + 1e-4).all()
    size = study.space.size[: study.dimensions]
    finer = Grid(
        tuple(2 * round(length) for length in size), size, study.space.size[2] if len(size) == 2 else 1.0
    )
    assert _bodies(part) == 1
    filled = mesh_coverage(part.mesh, finer)
    hole = shape_coverage(study.regions[0].shape, finer, {})
    assert filled[hole == 1].max() < 0.02, "a round hole is a polygon in a mesh"
    wall, tip = filled[0], filled[-1]
    assert wall.max() > 0.5
    assert tip.max() > 0.5
