"""What the training makes of scores: pieces, keys, chords, copies, the split, examples; and that it
learns."""

from __future__ import annotations

import collections
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from studio_music.core.meter import Meter
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event
from studio_music.training import chords, examples, measures, prepare
from studio_music.training.examples import Sampler
from studio_music.training.measures import Tune

music21 = pytest.importorskip("music21")
torch = pytest.importorskip("torch")

ABC = """X:1
T:Nothing in Particular
M:4/4
L:1/8
Q:1/4=100
K:G
D2|G2B2 A2G2|F2A2 D4|E2G2 F2E2|1 D6 D2:|2 G6||
Bc|d4 B4|c2A2 F2D2|G2A2 B2c2|G6|]
"""


def _pieces(text: str, tmp_path: Path) -> list[object]:
    from studio_music.training.corpus import pieces_of, scores_in

    file = tmp_path / "tune.abc"
    file.write_text(text, "utf8")
    return [
        piece
        for number, score in scores_in(file)
        for piece in pieces_of(score, "mine", f"tune{number}", "solo")
    ]


def test_an_abc_tune_has_regular_bars_and_only_the_last_ending(tmp_path: Path) -> None:
    piece = _pieces(ABC, tmp_path)[0]
    assert (piece.meter, piece.tonic, piece.mode, piece.tempo) == ("4/4", 7, "major", 100.0)  # type: ignore[attr-defined]
    assert piece.begins  # type: ignore[attr-defined]
    notes = piece.parts[0]  # type: ignore[attr-defined]
    assert notes[0] == (1440, 480, 62)  # the anacrusis lies at the end of its bar
    starts = {start: pitch for start, _, pitch in notes}
    assert starts[1920] == 67
    assert starts[4 * 1920] == 67  # the second ending stands where the first one was
    assert starts[4 * 1920 + 1440] == 71  # and the next anacrusis fills it up
    assert starts[5 * 1920] == 74
    assert all(start % 20 == 0 and length % 20 == 0 for start, length, _ in notes)


def test_chords_are_found_in_plain_harmony() -> None:
    triads = {"": (0, 4, 7), "m": (9, 12, 16), "F": (5, 9, 12), "G": (7, 11, 14)}
    order = ["", "m", "F", "G", ""]
    voices = [
        [Event(slot * 48, 48, 48 + triads[name][place]) for slot, name in enumerate(order)]
        for place in (2, 1, 0)
    ]
    labels = chords.infer(voices, 5, 48, "major")
    assert [v.label_tones(int(label))[0] for label in labels] == [0, 9, 5, 7, 0]
    assert v.label_tones(int(labels[1])) == (9, 0, 4)
    assert list(chords.infer([[]], 2, 48, "major")) == [v.NO_CHORD] * 2


def test_the_key_is_found() -> None:
    scale = [62, 64, 66, 67, 69, 71, 73, 74]
    events = [Event(place * 24, 24, pitch) for place, pitch in enumerate([*scale, 69, 66, 62])]
    assert prepare.find_key([events], final=True) == (2, "major")


def _work(path: str, pitches: list[int], collection: str = "a") -> dict[str, object]:
    return {
        "collection": collection,
        "path": path,
        "title": path,
        "ensemble": "solo",
        "tonic": 0,
        "mode": "major",
        "meter": "4/4",
        "tempo": None,
        "bars": len(pitches) // 4,
        "begins": True,
        "ends": True,
        "parts": [[(place * 480, 480, pitch) for place, pitch in enumerate(pitches)]],
    }


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    tunes = [[60 + int(step) for step in rng.integers(0, 13, 64)] for _ in range(40)]
    rows = [_work(f"tune{number}", tune) for number, tune in enumerate(tunes)]
    rows.append(_work("moved", [pitch + 5 for pitch in tunes[3][:56]], "b"))
    rows.append(_work("five", tunes[0]) | {"meter": "5/4"})
    file = tmp_path / "corpus.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n", "utf8")
    return file


def test_transposed_copies_are_left_out_and_the_split_is_fixed(cache: Path) -> None:
    works, table = prepare.load(cache)
    assert len(works) == 40
    assert "moved" not in {work.path for work in works}
    assert table["b"]["near-duplicates"] == 1
    assert table["a"]["other meters"] == 1
    again, _ = prepare.load(cache)
    assert [work.split for work in works] == [work.split for work in again]
    counts = collections.Counter(prepare.split_of(f"name {number}") for number in range(2000))
    assert counts["train"] / 2000 == pytest.approx(0.9, abs=0.03)


def test_labels_move_with_the_key() -> None:
    labels = np.array([v.chord_label(None, 0), 0, 11 * len(v.CHORD_QUALITIES) + 1], np.int16)
    assert list(prepare.moved_labels(labels, 1)) == [v.NO_CHORD, len(v.CHORD_QUALITIES), 1]


def test_examples_hide_what_is_to_be_learnt(cache: Path) -> None:
    works, _ = prepare.load(cache)
    sampler = Sampler(works, 3)
    drawn = [sampler.draw() for _ in range(60)]
    again = Sampler(works, 3)
    assert (again.draw().targets == drawn[0].targets).all()
    known = 0
    for example in drawn:
        assert len(example.targets) <= examples.LONGEST
        assert example.learned.sum() >= 2 * example.notes > 0
        assert example.rows.max(0).tolist() < list(v.FEATURE_SIZES)
        known += bool((example.rows[:, 3] != v.UNKNOWN_CHORD).any())
        separators = int((example.targets == v.SEPARATOR).sum())
        assert separators == 1
        place = int(np.flatnonzero(example.targets == v.SEPARATOR)[0])
        assert not example.learned[: place + 1].any()
    assert 0.3 < known / len(drawn) < 0.9


@pytest.mark.slow
def test_training_learns_stops_and_goes_on(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pickle

    from studio_music.training import network, train

    works, _ = prepare.load(cache)
    file = tmp_path / "works.pkl"
    file.write_bytes(pickle.dumps(works))
    monkeypatch.setattr(train, "HELD_OUT", 4)
    monkeypatch.setattr(train, "POOL", 8)
    monkeypatch.setattr(train, "TOKENS", 600)
    monkeypatch.setattr(
        train, "Shape", lambda **given: network.Shape(**({"width": 32, "layers": 1, "heads": 1} | given))
    )
    common = ["--works", str(file), "--folder", str(tmp_path), "--name", "tiny"]
    train.main([*common, "--steps", "6"])
    first = torch.load(tmp_path / "tiny.pt", weights_only=True)
    train.main([*common, "--steps", "12"])
    second = torch.load(tmp_path / "tiny.pt", weights_only=True)
    assert (first["step"], second["step"]) == (6, 12)
    rows = (tmp_path / "tiny.csv").read_text("utf8").splitlines()
    assert len(rows) == 3
    assert float(rows[2].split(",")[2]) < float(rows[1].split(",")[2])
    train.main([*common, "--decay", "3"])
    assert torch.load(tmp_path / "tiny.pt", weights_only=True)["step"] == 15


def test_every_collection_has_its_words() -> None:
    file = Path(prepare.__file__).with_name("collections.toml")
    for collection in tomllib.loads(file.read_text("utf8"))["collection"]:
        assert collection["words"]
        assert isinstance(collection["in"], bool)
        if collection["in"]:
            assert collection["ensemble"] in v.ENSEMBLES
            assert collection["files"]


def test_measures_tell_good_from_bad() -> None:
    steady = tuple(Event(place * 24, 24, 60 + place % 4) for place in range(32))
    wild = tuple(Event(place * 24, 24, 60 + place * place * 7 % 23) for place in range(32))
    good, bad = Tune("solo", "major", 96, 8, (steady,)), Tune("solo", "major", 96, 8, (wild,))
    assert measures.self_similarity([good]) == 1.0 > measures.self_similarity([bad])
    assert measures.copied([good], set(measures.grams(steady))) == 1.0
    assert measures.copied([bad], set(measures.grams(steady))) == 0.0
    fifths = Tune(
        "choir",
        "major",
        96,
        1,
        ((Event(0, 48, 67), Event(48, 48, 69)), (Event(0, 48, 60), Event(48, 48, 62))),
    )
    assert measures.leading_faults([fifths]) == {"fifths": 100.0, "octaves": 0.0, "crossings": 0.0}
    assert measures.distance(measures.pitch_classes([good]), measures.pitch_classes([good])) == 0.0
    assert measures.agreement(steady, steady, 0, 96) == 1.0
    assert measures.in_key([good]) == 0.5


def test_meters_have_grids() -> None:
    assert {str(Meter(*map(int, text.split("/")))) for text in v.METERS} == set(v.METERS)
