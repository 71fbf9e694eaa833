"""How the model is judged: the baselines, the windows that are compared, the classifier, the readings."""

from __future__ import annotations

import collections
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from studio_music.core.meter import Meter
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event
from studio_music.core.tokens.writing import encode
from studio_music.training import measures
from studio_music.training.examples import cut
from studio_music.training.markov import Chance, Markov, line_of
from studio_music.training.measures import Tune
from studio_music.training.prepare import Work
from studio_music.training.windows import MOST, composed, like, real, windows_of

_METER = Meter(4, 4)

music21 = pytest.importorskip("music21")
pytest.importorskip("torch")


def _work(number: int, ensemble: str = "solo", split: str = "test", bars: int = 24) -> Work:
    rng = np.random.default_rng(number)
    voices = []
    for voice in range(1 if ensemble == "solo" else 4):
        steps = np.cumsum(rng.choice([-2, -1, 0, 1, 2], bars * 4))
        lengths = rng.choice([12, 24, 24], bars * 4)
        voices.append(
            [
                Event(place * 24, int(lengths[place]), 72 - 7 * voice + int(abs(step) % 11))
                for place, step in enumerate(steps)
            ]
        )
    labels = np.full(bars * 2, v.UNKNOWN_CHORD, np.int16)
    name = f"tune{number}"
    return Work("a", name, name, ensemble, 2, "major", "4/4", None, bars, True, True, voices, labels, split)


def test_the_markov_model_learns_every_note_of_every_work_once() -> None:
    works = [_work(number, "choir", "train") for number in range(3)]
    model = Markov.of_works(works)
    ensemble = v.IDS["ensemble choir"]
    counts: collections.Counter[int] = collections.Counter()
    for work in works:
        whole = cut(work, 0, work.bars, _METER)
        assert whole is not None
        missing = frozenset((bar, voice) for bar in range(work.bars) for voice in range(4))
        rows, targets, learned = encode(whole, missing)
        for voice in range(4):
            said = targets[learned & (rows[:, 2] == voice)]
            assert said.tolist() == line_of(whole, voice).tolist()
        counts.update(event.pitch for event in whole.voices[0])
    shares = model.shares(ensemble, 0, [v.pitch_token(60), v.FIRST_DURATION])  # a run that it has not seen
    assert shares.sum() == pytest.approx(1.0)
    order = [v.pitch_token(pitch) for pitch, _ in counts.most_common()]
    assert shares[order[0]] > shares[order[-1]] > 0


def test_the_markov_model_knows_what_it_has_seen() -> None:
    works = [_work(number, "solo", "train") for number in range(4)]
    model, sketch = Markov.of_works(works), cut(works[0], 0, 24, _METER)
    assert sketch is not None
    line = line_of(sketch, 0).tolist()
    known = [model.shares(v.IDS["ensemble solo"], 0, line[:place])[line[place]] for place in range(20, 60)]
    other = cut(_work(99), 0, 24, _METER)
    assert other is not None
    line = line_of(other, 0).tolist()
    unknown = [model.shares(v.IDS["ensemble solo"], 0, line[:place])[line[place]] for place in range(20, 60)]
    assert np.log(known).mean() > np.log(unknown).mean()


def test_the_markov_model_reads_what_stands_before_a_gap() -> None:
    """Filling in bar 3, it goes on from bar 2, as the music model can."""
    model, sketch = Markov.of_works([_work(1, "solo", "train")]), cut(_work(1), 0, 24, _METER)
    assert sketch is not None
    line = line_of(sketch, 0).tolist()
    rows, targets, learned = encode(sketch, frozenset({(2, 0)}))
    first = int(np.flatnonzero(learned)[0])
    model.start()
    found = model.feed(rows[: first + 1])
    place = next(
        place for place in range(len(line)) if sum(_length(token) for token in line[:place]) == 2 * 96
    )
    expected = model.shares(v.IDS["ensemble solo"], 0, line[:place])
    assert line[place] == targets[first]
    assert np.allclose(np.exp(found), np.maximum(expected, 1e-12), rtol=1e-5)


@pytest.mark.parametrize("make", [lambda: Markov.of_works([_work(1, split="train")]), Chance])
def test_baselines_are_distributions(make: Callable[[], Markov | Chance]) -> None:
    model = make()
    sketch = cut(_work(1), 0, 8, _METER)
    assert sketch is not None
    rows, _, _ = encode(sketch, frozenset({(0, 0), (1, 0)}))
    model.start()
    shares = np.exp(model.feed(rows[:1]))
    assert shares[v.FIRST_PITCH :].sum() + shares[v.REST] == pytest.approx(1.0, abs=1e-3)


def test_windows_are_never_twice_and_of_all_works() -> None:
    works = [_work(number) for number in range(5)] + [_work(9, split="train")]
    windows = windows_of(works, "solo", 12, "test")
    assert len(windows) == 12
    counts = collections.Counter(window.work for window in windows)
    assert len(counts) == 5
    assert max(counts.values()) - min(counts.values()) <= 1
    assert len({window.sketch.voices for window in windows}) == 12
    assert len(windows_of(works, "solo", 1000, "test")) == 5 * MOST
    for window in windows:
        number = int(window.work.removeprefix("a/tune"))
        written = {event.pitch for event in _work(number).voices[0]}
        assert {event.pitch + window.down for event in window.sketch.voices[0]} <= written


def test_compositions_lie_where_their_windows_do() -> None:
    """However far the engine moves a request to where melodies were learnt."""
    works = [_work(number) for number in range(3)]
    for work in works:
        work.voices[0] = [event._replace(pitch=event.pitch + 14) for event in work.voices[0]]
    windows = windows_of(works, "solo", 3, "test")
    for window, tune in zip(windows, composed(Chance(), windows), strict=True):
        voice = like(window.sketch).voices[0]
        assert all(voice.low <= event.pitch <= voice.high for event in tune.voices[0])
        assert tune.down == window.down
    assert measures.right_bars(composed(Chance(), windows)) == 1.0
    assert [tune.voices for tune in real(windows)] == [window.sketch.voices for window in windows]


def test_bars_that_overlap_or_go_on_are_wrong() -> None:
    good, late, over = Event(0, 96, 60), Event(96, 120, 62), Event(48, 48, 64)
    assert measures.right_bars([Tune("solo", "major", 96, 2, ((good, late),))]) == 0.5
    assert measures.right_bars([Tune("solo", "major", 96, 2, ((good, over),))]) == 0.5
    assert measures.right_bars([Tune("solo", "major", 96, 3, ((good, late._replace(length=96)),))]) == 1.0


def test_ranges_count_as_written() -> None:
    tune = Tune("choir", "major", 96, 1, ((Event(0, 48, 72), Event(48, 48, 79)),), down=5)
    assert measures.out_of_range([tune], [(60, 81)]) == 0.5


@pytest.mark.parametrize("apart", [0.0, 3.0])
def test_the_classifier_tells_what_differs_and_nothing_else(apart: float) -> None:
    from studio_music.training.judge import interval, judged

    rng = np.random.default_rng(0)
    one, other = rng.normal(0, 1, (120, 30)), rng.normal(0, 1, (120, 30))
    one[:, 4] += apart
    works = [f"work{place // 3}" for place in range(120)]
    right, parting = judged(one, other, works)
    low, high = interval(right, works)
    assert low < right.mean() < high
    if apart:
        assert right.mean() > 0.8
        assert int(np.argmax(parting)) == 4
    else:
        assert low < 0.5 < high


def test_windows_of_one_work_do_not_help_to_judge_one_another() -> None:
    """Each work has its own accent: whoever has seen half of its windows would know the other half."""
    from studio_music.training.judge import judged

    rng = np.random.default_rng(1)
    works = [f"work{place // 20}" for place in range(120)]
    accents = {work: rng.normal(0, 3, 40) for work in works}
    one = np.array([accents[work] + rng.normal(0, 0.1, 40) for work in works])
    other = np.array([-accents[work] + rng.normal(0, 0.1, 40) for work in works])
    assert judged(one, other, works)[0].mean() < 0.7


def test_features_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from studio_music.training import judge

    tune = real(windows_of([_work(1)], "solo", 1, "test"))[0]
    first = judge.Cache(tmp_path).all([tune])
    assert first.shape == (1, len(judge.NAMES))
    monkeypatch.setattr(judge, "features", lambda tune: pytest.fail("computed twice"))
    assert (judge.Cache(tmp_path).all([tune]) == first).all()


def _length(token: int) -> int:
    place = token - v.FIRST_DURATION
    return v.DURATIONS[place] if 0 <= place < len(v.DURATIONS) else 0


def test_readings_are_counted() -> None:
    from studio_music.training.tally import answers_in, tally

    key = {
        "01": {"ensemble": "solo", "a": "ours", "b": "Markov"},
        "02": {"ensemble": "choir", "a": "Markov", "b": "ours"},
        "03": {"ensemble": "solo", "a": "true", "b": "ours"},
    }
    one = answers_in(
        "01 phrase a repetition b cadence a whole a\n"
        "02 phrase b repetition b cadence b whole b\n\n"
        "03 phrase a repetition a cadence a whole a\n"
    )
    other = one | {"02": dict.fromkeys(("phrase", "repetition", "cadence", "whole"), "a")}
    rows = {(row["ours against"], row["ensemble"]): row for row in tally(key, [one, other])}
    assert rows["Markov", "all"]["whole"] == 0.75
    assert rows["Markov", "all"]["repetition"] == 0.25
    assert rows["Markov", "choir"]["readers agree"] == 0.0
    assert rows["true", "all"]["whole"] == 0.0
    with pytest.raises(ValueError, match="03"):
        tally(key, [{pair: one[pair] for pair in ("01", "02")}])
    with pytest.raises(ValueError, match="not an answer"):
        answers_in("01 phrase a repetition b cadence a whole c")


@pytest.mark.slow
def test_a_picture_has_score_and_sound() -> None:
    pytest.importorskip("verovio")
    from studio_music.core.sound.font import open_font
    from studio_music.training.pairs import WIDE, picture_of, song_of

    tune = real(windows_of([_work(1)], "solo", 1, "test"))[0]
    with open_font() as font:
        picture = picture_of(song_of(tune, "01-a"), font)
    pixels = np.asarray(picture)
    assert picture.width == WIDE
    assert pixels[: picture.height // 3].mean() > 128 > pixels[-200:-60].mean()
