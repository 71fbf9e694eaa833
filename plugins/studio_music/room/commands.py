"""The commands of the room, beside those of the roll."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from studio.api.values import tr
from studio.ui.api import Command
from studio_music.room.acts_bar import Act

_ACT_WORDS: dict[str, Callable[[], str]] = {
    "continue": lambda: tr("extend go on longer"),
    "infill": lambda: tr("fill bars anew rewrite"),
    "harmonize": lambda: tr("voices choir chords"),
    "vary": lambda: tr("another version variation"),
    "accompany": lambda: tr("band drums bass arrange"),
    "change": lambda: tr("words calmer faster minor"),
    "compose": lambda: tr("write melody generate"),
}


class Doings(Protocol):
    """What the commands do."""

    def toggle_play(self) -> None: ...
    def stop(self) -> None: ...
    def to_start(self) -> None: ...
    def toggle_loop(self) -> None: ...
    def toggle_metronome(self) -> None: ...
    def toggle_count_in(self) -> None: ...
    def toggle_tracks(self) -> None: ...
    def toggle_score(self) -> None: ...
    def toggle_again(self) -> None: ...
    def keep(self) -> None: ...
    def keep_try(self) -> None: ...
    def draw(self) -> None: ...
    def hum(self) -> None: ...
    def ask_font(self) -> None: ...
    def use_our_font(self) -> None: ...


def music_commands(do: Doings, acts: list[Act]) -> list[Command]:
    playing = [
        _playing("play", tr("&Play or pause"), do.toggle_play, "Space"),
        _playing("stop", tr("&Stop"), do.stop, "Shift+Space"),
        _playing("start", tr("To the s&tart"), do.to_start, "Shift+Home"),
        _playing("loop", tr("&Loop"), do.toggle_loop, "L"),
        _playing("metronome", tr("&Metronome"), do.toggle_metronome, "M"),
        _playing("count_in", tr("&Count in"), do.toggle_count_in, ""),
    ]
    making = [
        Command(
            f"music.{act.id}",
            act.title,
            act.act,
            menu="room",
            needs="" if act.id == "compose" else "writing",
            group="acts",
            words=_ACT_WORDS[act.id](),
        )
        for act in acts
    ]
    return [
        *playing,
        *making,
        Command(
            "music.draw",
            tr("&Draw a song"),
            do.draw,
            menu="room",
            group="acts",
            words=tr("empty new pencil notes"),
        ),
        Command(
            "music.hum",
            tr("&Hum a tune"),
            do.hum,
            menu="room",
            group="acts",
            words=tr("record sing microphone voice notes"),
        ),
        Command(
            "music.again",
            tr("&Again on each repeat"),
            do.toggle_again,
            menu="room",
            needs="writing",
            group="again",
            words=tr("loop seeds tries"),
        ),
        Command("music.keep_try", tr("Keep this tr&y"), do.keep_try, needs="writing"),
        Command(
            "music.keep",
            tr("&Keep the song"),
            do.keep,
            menu="room",
            keys="Ctrl+S",
            needs="writing",
            group="again",
            words=tr("save version"),
        ),
        Command(
            "music.font",
            tr("Sound &font…"),
            do.ask_font,
            menu="room",
            group=f"sound/{tr('Sound')}",
            words=tr("soundfont sf2 sf3 instruments"),
        ),
        Command(
            "music.our_font",
            tr("The stu&dio's sound font"),
            do.use_our_font,
            menu="room",
            group=f"sound/{tr('Sound')}",
        ),
        Command(
            "music.tracks",
            tr("T&racks and mixer"),
            do.toggle_tracks,
            menu="room",
            group="view",
            words=tr("volume pan"),
        ),
        Command(
            "music.score",
            tr("Sc&ore"),
            do.toggle_score,
            menu="room",
            group="view",
            words=tr("notes sheet staves"),
        ),
    ]


def _playing(id: str, title: str, act: Callable[[], object], keys: str) -> Command:
    return Command(f"music.{id}", title, act, menu="room", keys=keys, group="playing", scope="panel")
