"""What cannot be composed, whatever the constraints are."""

from __future__ import annotations

from studio.api.values import BadInput, tr
from studio_music.core.compose.request import MOST_BARS, VOICE_COUNTS, FillRequest
from studio_music.core.tokens import vocabulary as v


def check(request: FillRequest) -> None:
    """Raises `BadInput` for a meter, a length or cells that the model does not know."""
    if str(request.meter) not in v.METERS:
        raise BadInput(
            tr("The model does not compose in {meter}.", meter=str(request.meter)),
            tr("Choose one of {meters}.", meters=", ".join(v.METERS)),
        )
    if not 1 <= request.bars <= MOST_BARS:
        raise BadInput(
            tr("{count} bars cannot be composed at once.", count=request.bars),
            tr("Choose 1 to {most} bars.", most=MOST_BARS),
        )
    if len(request.voices) != VOICE_COUNTS[request.ensemble]:
        raise BadInput(
            tr("The ensemble has another number of voices."),
            tr("It needs {count}.", count=VOICE_COUNTS[request.ensemble]),
        )
    if not request.fill:
        raise BadInput(tr("Nothing is to be filled in."), tr("Select bars or a voice."))
    for bar, voice in request.fill:
        if not (0 <= bar < request.bars and 0 <= voice < len(request.voices)):
            raise BadInput(
                tr("Bar {bar} of voice {voice} does not exist.", bar=bar + 1, voice=voice + 1),
                tr("Select bars of the music."),
            )
