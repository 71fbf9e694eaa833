"""One draft while it grows: its tokens, the text that they make, what of it may be seen, and when it ends."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Collection, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio_text.core.avoid import Sighting, Watch
from studio_text.core.brand import WORD
from studio_text.generators.decoding.sampling import Picker
from studio_text.generators.engines.engine import Constraint, Tokenizer

Ending = Literal["end", "stop", "length", "tokens", "context"]

_TRIES = 8
"""Other tokens that are drawn at one place before the most likely harmless one is taken."""
_MOST_TRIES = 200
"""The same for a whole draft."""
_NEAR = 0.9
"""From this part of the wanted words on, the end of a sentence is the end of the text."""
_SENTENCE_END = re.compile(r"(?:\w{3}\.|[!?…؟])[\"'”’»)\]*_]*(?=\s)|[。！？।۔][」』”’）]*|(?=\n\s*\n)")
"""After a full stop that follows three letters, so that “e.g.” and “2.” end nothing; or a paragraph's end."""


class Row:
    def __init__(
        self,
        tokenizer: Tokenizer,
        picker: Picker,
        watch: Watch,
        *,
        stop: Sequence[str],
        most_tokens: int,
        target_words: int | None,
        constraint: Callable[[], Constraint] | None,
        exact: Collection[int] = (),
    ) -> None:
        """`exact` are tokens that may come as often as the model likes, as those with digits may."""
        self.tokens: list[int] = []
        self.text = ""
        self.ended: Ending | None = None
        self._tokenizer, self._picker, self._watch, self._stop = tokenizer, picker, watch, tuple(stop)
        self._most, self._target, self._constraint = most_tokens, target_words, constraint
        self._exact = exact
        self._shown = 0
        self._ends: list[int] = []
        """Of each token: the text's length after it."""
        self._forbidden: dict[int, set[int]] = {}
        """By place among the tokens: those that led to words to avoid."""
        self._taken_back = 0
        self._restart()

    def grow(
        self, logits: NDArray[np.float32], first: NDArray[np.float32], rewind: Callable[[int], None]
    ) -> int:
        """Adds a token to the text, or ends it. Returns what the model shall read next.

        `logits` are of the place behind the last token, `first` of the place behind the prompt. Where a word
        to avoid was written, the tokens since its beginning are taken back, from the model by `rewind`, and
        the one that it began with is forbidden there.
        """
        place = len(self.tokens)
        while True:
            careful = self._is_careful()
            token = self._picked(logits, careful)
            self._add(token)
            back = self._to_take_back(place if careful else None)
            if back is None:
                return token
            self._take_back(back)
            if back < place and back > 0:
                rewind(place - back + 1)
                return self.tokens[-1]
            if back < place:
                rewind(place)
                logits, place = first, 0

    def shown(self) -> str:
        """What may be seen since the last call: no part of what could become a word to avoid or a stop, and
        no space at the end, before which the text may end yet.
        """
        end = len(self.text)
        if self.ended is None:
            end = min(len(self.text.rstrip()), self._held_for_stop())
            if (sighting := self._sighting()) is not None:
                end = min(end, sighting.start)
            if end < len(self.text):  # Tokens are taken back whole, so they are shown whole.
                end = self._start_of_token(end)
        fresh = self.text[self._shown : end]
        self._shown = max(self._shown, end)
        return fresh

    def _picked(self, logits: NDArray[np.float32], careful: bool) -> int:
        return self._picker.pick(
            logits,
            self._written,
            None if self._grammar is None else self._grammar.allowed(),
            self._forbidden.get(len(self.tokens), ()),
            greedy=careful,
        )

    def _is_careful(self) -> bool:
        forbidden = self._forbidden.get(len(self.tokens), ())
        return len(forbidden) > _TRIES or (bool(forbidden) and self._taken_back > _MOST_TRIES)

    def _add(self, token: int) -> None:
        before = len(self.text)
        self.tokens.append(token)
        if token in self._tokenizer.eos:
            self._end("end")
        else:
            self.text += self._read(token)
        self._ends.append(len(self.text))
        if self.ended is not None:
            return
        if self._grammar is not None:
            self._grammar.accept(token)
        if self._grammar is not None and self._grammar.is_done:
            self._end("end")
        elif (cut := self._stop_in(before)) is not None:
            self._end("stop", cut)
        elif (cut := self._natural_end(before)) is not None:
            self._end("length", cut)
        elif len(self.tokens) >= self._most:
            self._end("tokens")

    def _end(self, ending: Ending, cut: int | None = None) -> None:
        """Cuts the text off. Once a word was taken back, a stop can have begun in what is shown."""
        self.text = (
            self.text + self._detokenizer.rest() if cut is None else self.text[: max(cut, self._shown)]
        )
        self.ended = ending

    def _to_take_back(self, careful_at: int | None) -> int | None:
        """The place of the token that a word to avoid began in; of the first one that is not shown yet, where
        the word began before. With `careful_at`, words that a token there could begin are avoided as well.
        """
        sighting = self._sighting()
        if sighting is None:
            return None
        place = self._token_of(max(sighting.start, self._shown))
        return place if sighting.is_complete or place == careful_at else None

    def _sighting(self) -> Sighting | None:
        start = self._watch.start_before(self.text, self._shown)
        return self._watch.look(self.text, start, ended=self.ended is not None)

    def _take_back(self, place: int) -> None:
        self._taken_back += 1
        self._forbidden = {at: tokens for at, tokens in self._forbidden.items() if at <= place}
        self._forbidden.setdefault(place, set()).add(self.tokens[place])
        del self.tokens[place:], self._ends[place:]
        self.text = self.text[: self._ends[-1] if self._ends else 0]
        self.ended = None
        self._restart()

    def _restart(self) -> None:
        """Brings what follows the tokens (text decoder, grammar) to where they are."""
        self._detokenizer = self._tokenizer.detokenizer()
        self._grammar = None if self._constraint is None else self._constraint()
        self._written: set[int] = set()
        for token in self.tokens:
            self._read(token)
            if self._grammar is not None:
                self._grammar.accept(token)

    def _read(self, token: int) -> str:
        """The text that a token adds. Its repetition counts, unless it is a part of a number or of a name:
        where "40" was said before, "4" would cost more than "four", and "four0 hours" be written."""
        piece = self._detokenizer.add(token)
        if token not in self._exact and piece != " " and not any(map(str.isdigit, piece)):
            self._written.add(token)
        return piece

    def _token_of(self, at: int) -> int:
        """The place of the token that brought this sign of the text."""
        return min(bisect.bisect_right(self._ends, at), len(self._ends) - 1)

    def _start_of_token(self, at: int) -> int:
        place = self._token_of(at)
        return self._ends[place - 1] if place else 0

    def _stop_in(self, before: int) -> int | None:
        """Where the first stop begins that the text has since it was `before` long."""
        found = [self.text.find(stop, max(0, before - len(stop) + 1)) for stop in self._stop]
        return min((at for at in found if at >= 0), default=None)

    def _held_for_stop(self) -> int:
        """Where an unfinished stop may begin, else the text's length."""
        for held in range(min(len(self.text), max(map(len, self._stop), default=0)), 0, -1):
            if any(stop.startswith(self.text[-held:]) for stop in self._stop):
                return len(self.text) - held
        return len(self.text)

    def _natural_end(self, before: int) -> int | None:
        """The end of the first sentence near the wanted number of words, if it was written just now."""
        if self._target is None:
            return None
        wanted = max(1, round(self._target * _NEAR))
        words = list(WORD.finditer(self.text))
        if len(words) < wanted:
            return None
        found = _SENTENCE_END.search(self.text, max(words[wanted - 1].start(), before - 8))
        return found and found.end()
