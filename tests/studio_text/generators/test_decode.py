from __future__ import annotations

import random
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_text.core.avoid import Watch
from studio_text.generators.decoding.decode import Draft, Numbers, write
from studio_text.generators.decoding.sampling import NothingAllowed, Sampling
from studio_text.generators.engines.engine import PIECE

from studio.api import BadInput, Cancelled

from .fake_engine import END, FakeEngine, Pieces

GREEDY = Sampling(temperature=0)


class Heard:
    def __init__(self) -> None:
        self.texts: dict[int, list[str]] = {}
        self.numbers: list[Numbers] = []
        self.checks = 0

    def text(self, draft: int, delta: str) -> None:
        assert delta
        self.texts.setdefault(draft, []).append(delta)

    def check(self) -> None:
        self.checks += 1


def run(
    engine: FakeEngine, heard: Heard | None = None, sampling: Sampling = GREEDY, **settings
) -> list[Draft]:
    """Writes, and holds what was streamed to what came out."""
    heard = heard or Heard()
    drafts = write(
        engine, [1], sampling, on_text=heard.text, on_numbers=heard.numbers.append, check=heard.check,
        **{"most_tokens": 100, **settings},
    )  # fmt: skip
    assert ["".join(heard.texts.get(number, [])) for number in range(len(drafts))] == [d.text for d in drafts]
    return drafts


def saying(text: str, *pieces: str, end: bool = True, context: int = 1000) -> FakeEngine:
    """Says the text; where it was led away from it, goes on with what comes next by length."""
    tokenizer = Pieces(*pieces, *sorted(set(text)))
    script = tokenizer.encode(text)

    def says(read: list[int]) -> dict[int, float]:
        at = len(read)
        likely = script[at] if at < len(script) else END if end else script[0]
        return {likely: 10.0} | {
            token: -token / 100 for token in range(1, tokenizer.vocabulary) if token != likely
        }

    return FakeEngine(tokenizer, says, context)


def test_the_model_ends_its_text():
    heard = Heard()
    [draft] = run(saying("hello you"), heard)
    assert (draft.text, draft.ended) == ("hello you", "end")
    assert draft.tokens[-1] == END and len(draft.tokens) == 10
    assert len(heard.texts[0]) == 8
    assert heard.checks >= 10


def test_numbers_and_names_are_repeated_without_a_penalty():
    """Where "40" was said before, "four" was cheaper than "4", and "four0 hours" were promised."""
    tokenizer = Pieces(" ", "4", "0", "four", "Fj", "ord", "lamp", "light")
    script = tokenizer.encode(" 40 40 Fjord Fjord lamp lamp")
    almost = {"4": "four", "Fj": "four", "lamp": "light"}

    def says(read: list[int]) -> dict[int, float]:
        likely = script[len(read)] if len(read) < len(script) else END
        second = almost.get(tokenizer.pieces[likely], "light")
        return {tokenizer.pieces.index(second): 9.0, likely: 10.0}

    engine = FakeEngine(tokenizer, says)
    strict = Sampling(temperature=0, repetition=1.3)
    assert run(engine, sampling=strict, exact=["Fjord"])[0].text == " 40 40 Fjord Fjord lamp light"
    assert run(engine, sampling=strict)[0].text.startswith(" 40 40 Fjord four")


def test_a_text_ends_before_a_stop_which_is_never_shown():
    [draft] = run(saying("one\n\ntwo"), stop=["\n\n", "two"])
    assert (draft.text, draft.ended) == ("one", "stop")
    [draft] = run(saying("one\ntwo", "e\nt"), stop=["\n\n", "\nt"])
    assert (draft.text, draft.ended) == ("one", "stop")
    [draft] = run(saying("one\n"), stop=["\n\n"])
    assert (draft.text, draft.ended) == ("one\n", "end")


def test_lengths():
    [draft] = run(saying("abcabc"), most_tokens=4)
    assert (draft.text, draft.ended, len(draft.tokens)) == ("abca", "tokens", 4)
    [draft] = run(saying("abcabc", context=5))
    assert (draft.text, draft.ended) == ("abca", "context")


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("One two three. Four five six. Seven.", 4, "One two three. Four five six."),
        ("One two three. Four five six. Seven.", 3, "One two three."),
        ("Costs 3.50 e.g. here now today. More.", 3, "Costs 3.50 e.g. here now today."),
        ("He said “come here”. She did. More.", 4, "He said “come here”. She did."),
        ("One two\n\nThree four.", 2, "One two"),
        ("你好世界。再见。", 3, "你好世界。"),
        ("एक दो तीन। चार पाँच।", 3, "एक दो तीन।"),
        ("هل هذا مصباح؟ نعم هو.", 3, "هل هذا مصباح؟"),
        ("no end at all here", 2, "no end at all here"),
        ("Wow! Yes? No.", 2, "Wow! Yes?"),
    ],
)
def test_near_the_wanted_length_a_sentence_is_the_last(text, target, expected):
    [draft] = run(saying(text), target_words=target)
    assert draft.text == expected
    assert draft.ended == ("length" if draft.text != text else "end")


def test_unfinished_bytes_are_told_at_the_end():
    [draft] = run(saying("a…"))
    assert draft.text == "a\ufffd"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("so cheap and good", ()),
        ("so cheap and good", (" cheap",)),
        ("so cheap and good", (" ch", "eap")),
        ("so cheap", (" ch", "eap")),
        ("cheap", ("cheap",)),
        ("cheap things", ("ch", "eap")),
        ("so CHEAP, so good", (" C", "HEAP")),
        ("so cheap\n\nand", (" ch", "eap")),
    ],
)
def test_words_to_avoid_are_taken_back_and_never_shown(text, pieces):
    heard = Heard()
    [draft] = run(saying(text, *pieces), heard, avoid=["cheap"], most_tokens=30)
    assert not re.search(r"(?i)\bcheap\b", draft.text)
    shown = ""
    for delta in heard.texts[0]:
        shown += delta
        assert not re.search(r"(?i)\bcheap\b", shown)


def test_a_word_that_only_began_alike_is_shown_once_that_is_certain():
    heard = Heard()
    run(saying("so cheaper", "cheap"), heard, avoid=["cheap"])
    assert heard.texts[0] == ["s", "o", " ", "cheape", "r"]


def test_drafts_differ_and_are_the_same_again():
    tokenizer = Pieces("a", "b", "c", "d")
    engine = FakeEngine(tokenizer, lambda read: dict.fromkeys(range(1, 5), 0.0) | {END: -2.0})
    first = run(engine, sampling=Sampling(1.0, seed=4), drafts=3)
    again = run(engine, sampling=Sampling(1.0, seed=4), drafts=3)
    other = run(engine, sampling=Sampling(1.0, seed=5), drafts=3)
    assert first == again
    assert len({draft.text for draft in first + other}) == 6


def test_numbers():
    heard = Heard()
    run(saying("abcabc"), heard, drafts=2)
    last = heard.numbers[-1]
    assert last.prompt_tokens == 1
    assert last.context_left == 1000 - 1 - 7
    assert last.first_token_seconds > 0
    assert last.tokens_per_second > 0


class OneOf:
    """A constraint: the text is one of these token lists."""

    def __init__(self, vocabulary: int, choices: list[list[int]]) -> None:
        self._vocabulary, self._choices, self._at = vocabulary, choices, 0

    def allowed(self) -> np.ndarray:
        allowed = np.zeros(self._vocabulary, np.bool_)
        for choice in self._choices:
            allowed[choice[self._at]] = True
        return allowed

    def accept(self, token: int) -> None:
        self._choices = [choice for choice in self._choices if choice[self._at] == token]
        self._at += 1

    @property
    def is_done(self) -> bool:
        return any(len(choice) == self._at for choice in self._choices)


def test_a_grammar_is_followed_with_words_to_avoid_too():
    engine = saying("cheap", "cha", "ir")
    tokens = engine.tokenizer

    def one_of() -> OneOf:
        return OneOf(tokens.vocabulary, [tokens.encode("cheap"), tokens.encode("chair")])

    [draft] = run(engine, constraint=one_of)
    assert (draft.text, draft.ended) == ("cheap", "end")
    [draft] = run(engine, constraint=one_of, avoid=["cheap"])
    assert (draft.text, draft.ended) == ("chair", "end")


def test_a_grammar_with_nothing_but_words_to_avoid_is_told():
    engine = saying("cheap")
    tokens = engine.tokenizer
    with pytest.raises(NothingAllowed, match="avoid"):
        run(engine, avoid=["cheap"], constraint=lambda: OneOf(tokens.vocabulary, [tokens.encode("cheap")]))


def test_bad_prompts_are_told():
    engine = saying("abc", context=3)
    heard = Heard()
    for prompt, words in (([], "nothing to begin"), ([1, 1, 1], "too long"), ([1] * 9, "9 tokens")):
        with pytest.raises(BadInput, match=words):
            write(
                engine, prompt, GREEDY, most_tokens=5, on_text=heard.text, on_numbers=heard.numbers.append,
                check=heard.check,
            )  # fmt: skip


def test_how_much_of_a_prompt_is_read_is_told():
    class Slow(FakeEngine):
        def begin(self, prompt, rows, room, check):
            for _ in range(0, len(prompt), PIECE):
                check()
            return super().begin(prompt, rows, room, lambda: None)

    parts: list[float] = []
    write(
        Slow(Pieces("a"), lambda read: {END: 0.0}), [1] * (2 * PIECE + 1), GREEDY, most_tokens=1,
        on_read=parts.append, on_text=Heard().text, on_numbers=lambda numbers: None, check=lambda: None,
    )  # fmt: skip
    assert parts == [0, PIECE / (2 * PIECE + 1), 2 * PIECE / (2 * PIECE + 1)]


def test_cancel():
    heard = Heard()

    def check() -> None:
        heard.checks += 1
        if heard.checks == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        write(
            saying("abcdef"), [1], GREEDY, most_tokens=9, on_text=heard.text,
            on_numbers=heard.numbers.append, check=check,
        )  # fmt: skip
    assert heard.texts[0] == ["a", "b"]


words = st.sampled_from(["ab", "a b", "ba", "b", "abba", "A", "c"])


@given(
    st.integers(0, 2**32),
    st.lists(words, max_size=3),
    st.lists(st.sampled_from(["cc", " c", "bb a"]), max_size=2),
    st.integers(1, 3),
    st.floats(0, 2),
)
@settings(max_examples=300, deadline=None)
def test_whatever_a_model_says_no_word_to_avoid_is_shown(seed, avoid, stop, drafts, temperature):
    tokenizer = Pieces("a", "b", " ", "ab", " a", "b ", "c", "A", ".", "\n", "ba", "…")

    def says(read: list[int]) -> dict[int, float]:
        chance = random.Random(f"{seed} {read}")
        return {token: chance.uniform(-3, 3) for token in range(tokenizer.vocabulary)}

    watch = Watch(avoid)
    shown: dict[int, str] = {}

    def on_text(draft: int, delta: str) -> None:
        shown[draft] = shown.get(draft, "") + delta
        assert watch.look(shown[draft] + "\n.", 0) is None or not _complete(watch, shown[draft])

    try:
        made = write(
            FakeEngine(tokenizer, says), [1], Sampling(temperature, seed=seed), drafts=drafts, most_tokens=25,
            stop=stop, avoid=avoid, on_text=on_text, on_numbers=lambda numbers: None, check=lambda: None,
        )  # fmt: skip
    except NothingAllowed:  # which a vocabulary of real size never comes to
        return
    for number, draft in enumerate(made):
        assert shown.get(number, "") == draft.text
        assert not _complete(watch, draft.text)
        assert not any(one in draft.text for one in stop)
        assert len(draft.tokens) <= 25
        assert (
            tokenizer.decode(draft.tokens)
            .replace("…", "")
            .startswith(draft.text.replace("\ufffd", "").replace("…", ""))
        )


def _complete(watch: Watch, text: str) -> bool:
    """Whether the text has an avoided word in it, apart from its end, which may go on."""
    sighting = watch.look(text, 0)
    return sighting is not None and sighting.is_complete
