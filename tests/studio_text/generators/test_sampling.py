from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from studio_text.generators.decoding.sampling import NothingAllowed, Picker, Sampling, adjusted, candidates

from studio.api import ModelRefused

sizes = st.integers(1, 40) | st.integers(255, 1500)
logits = sizes.flatmap(
    lambda size: arrays(
        np.float32, size, elements=st.floats(-30, 30, width=32), fill=st.floats(-30, 30, width=32)
    )
)
samplings = st.builds(
    Sampling,
    temperature=st.floats(0.05, 3),
    top_k=st.integers(0, 50),
    top_p=st.floats(0.01, 1) | st.just(1.0),
    min_p=st.just(0.0) | st.floats(0.001, 1),
    seed=st.integers(0, 2**63),
)


def reference(scores: np.ndarray, sampling: Sampling) -> dict[int, float]:
    """The probabilities, by the plainest way to compute them."""
    scaled = scores.astype(np.float64) / sampling.temperature
    weights = np.exp(scaled - scaled.max())
    kept = sorted(range(len(scores)), key=lambda token: (-scores[token], token))
    if sampling.top_k:
        kept = kept[: sampling.top_k]
    if sampling.top_p < 1:
        total, sum_, nucleus = sum(weights[kept]), 0.0, []
        for token in kept:
            nucleus.append(token)
            sum_ += weights[token]
            if sum_ >= sampling.top_p * total:
                break
        kept = nucleus
    if sampling.min_p:
        kept = [token for token in kept if weights[token] >= sampling.min_p * weights[kept[0]]]
    total = sum(weights[kept])
    return {token: weights[token] / total for token in kept}


def weight_of(score: np.float32, scores: np.ndarray, sampling: Sampling) -> float:
    """As float32 has it: scores that differ by less than that are equally likely."""
    return float(np.exp(np.float32((np.float64(score) - np.float64(scores.max())) / sampling.temperature)))


@given(logits, samplings)
@example(np.float32([-1.7e-38, -1.7e-38, 0, 2.2e-16] + [-1.7e-38] * 13), Sampling(1.0, top_p=0.0625))
@settings(max_examples=400)
def test_candidates_are_those_of_the_definitions(scores, sampling):
    tokens, weights = candidates(scores, sampling)
    found = dict(zip(tokens.tolist(), (weights / weights.sum(dtype=np.float64)).tolist(), strict=True))
    expected = reference(scores, sampling)
    for token in found.keys() | expected.keys():
        # A token on the very edge may fall on either side of it; it is never the likeliest one.
        at_edge = found.keys() ^ expected.keys()
        if token in at_edge:
            assert (
                len(at_edge) <= 2 or len({weight_of(scores[one], scores, sampling) for one in at_edge}) <= 2
            )
        elif not at_edge:
            assert found[token] == pytest.approx(expected[token], rel=1e-3, abs=1e-7)


@given(logits, samplings, st.data())
def test_only_what_is_allowed_is_picked(scores, sampling, data):
    allowed = data.draw(arrays(np.bool_, len(scores)))
    forbidden = data.draw(st.sets(st.integers(0, len(scores) - 1), max_size=5))
    possible = set(np.flatnonzero(allowed).tolist()) - forbidden
    picker = Picker(sampling, 0)
    if not possible:
        with pytest.raises(NothingAllowed):
            picker.pick(scores, (), allowed, forbidden)
        return
    before = scores.copy()
    for _ in range(5):
        assert picker.pick(scores, {0}, allowed, forbidden) in possible
    assert np.array_equal(scores, before)


@given(logits, st.integers(0, 5))
def test_without_temperature_the_most_likely_is_picked(scores, draft):
    assert Picker(Sampling(temperature=0, top_k=3), draft).pick(scores) == scores.argmax()
    assert Picker(Sampling(temperature=2), draft).pick(scores, greedy=True) == scores.argmax()


@given(logits, samplings, st.integers(0, 9))
def test_the_same_seed_and_draft_pick_the_same(scores, sampling, draft):
    first, again = Picker(sampling, draft), Picker(sampling, draft)
    assert [first.pick(scores) for _ in range(5)] == [again.pick(scores) for _ in range(5)]


def test_drafts_and_seeds_differ():
    scores = np.zeros(1000, np.float32)
    streams = {
        tuple(Picker(Sampling(seed=seed), draft).pick(scores) for _ in range(4))
        for seed in (0, 1, 2**62)
        for draft in range(3)
    }  # fmt: skip
    assert len(streams) == 9


@pytest.mark.parametrize(
    "sampling", [Sampling(1.0), Sampling(1.0, top_k=3), Sampling(0.5, top_p=0.9), Sampling(2.0, min_p=0.2)]
)
def test_picks_come_as_often_as_they_are_likely(sampling):
    scores = np.log(np.array([0.05, 0.4, 0.1, 0.3, 0.15], np.float32))
    picker, count = Picker(sampling, 0), 20_000
    found = np.bincount([picker.pick(scores) for _ in range(count)], minlength=5) / count
    expected = reference(scores, sampling)
    for token in range(5):
        assert found[token] == pytest.approx(expected.get(token, 0), abs=0.015)
        assert (found[token] == 0) == (token not in expected)


def test_tokens_that_were_written_become_less_likely():
    scores = np.array([2.0, -2.0, 1.0], np.float32)
    assert adjusted(scores, 2.0, {0, 1}, None, ()).tolist() == [1.0, -4.0, 1.0]
    assert adjusted(scores, 1.0, {0, 1}, None, ()).tolist() == scores.tolist()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_model_that_gives_no_numbers_is_refused(bad):
    with pytest.raises(ModelRefused):
        Picker(Sampling(), 0).pick(np.array([0, bad, 1], np.float32))
