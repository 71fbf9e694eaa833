"""The words that a change may be written in, English and German, in small letters without dots above them."""

from __future__ import annotations

OPPOSITES = {
    "calm": "lively", "lively": "calm", "happy": "sad", "sad": "happy", "dark": "bright",
    "bright": "dark", "fast": "slow", "slow": "fast", "loud": "soft", "soft": "loud", "high": "low",
    "low": "high", "dense": "sparse", "sparse": "dense", "short": "smooth", "smooth": "short",
    "epic": "calm",
}  # fmt: skip
_WORDS = {
    "calm": "calm calmer relaxed quietly peaceful gentle gentler tranquil ruhig ruhiger ruhige entspannt "
    "entspannter sanft sanfter gelassen gelassener friedlich friedlicher",
    "lively": "lively livelier livlier energetic excited exciting wilder wild driving aufgeregt lebhaft "
    "lebhafter lebendig lebendiger energisch energischer schwungvoll schwungvoller treibend "
    "treibender",
    "happy": "happy happier cheerful merry joyful joyous frohlich frohlicher heiter heiterer lustig "
    "lustiger glucklich glucklicher freudig freudiger",
    "sad": "sad sadder melancholic melancholy wistful mournful traurig trauriger melancholisch "
    "melancholischer wehmutig wehmutiger",
    "dark": "dark darker gloomy gloomier sombre somber dunkel dunkler duster dusterer finster finsterer",
    "bright": "bright brighter sunny sunnier hell heller sonnig sonniger strahlend strahlender",
    "fast": "fast faster quick quicker quickly speedier schnell schneller flott flotter zugig zugiger "
    "rasch rascher",
    "slow": "slow slower slowly langsam langsamer",
    "loud": "loud louder stronger strong forte laut lauter kraftig kraftiger stark starker",
    "soft": "soft softer quiet quieter piano leise leiser zart zarter",
    "high": "high higher hoch hoher hohe",
    "low": "low lower deeper deep tief tiefer",
    "dense": "dense denser busy busier fuller richer ornamented complex dicht dichter voller reicher "
    "verziert bewegt bewegter komplexer",
    "sparse": "sparse sparser thinner simple simpler simplify plain plainer einfach einfacher schlicht "
    "schlichter sparsam sparsamer dunner vereinfachen vereinfacht",
    "short": "staccato short shorter choppy detached kurz kurzer abgesetzt",
    "smooth": "legato smooth smoother connected longer gebunden gebundener fliessend fliessender weich "
    "weicher langer",
    "swing": "swing swinging swung swingend geswingt jazzy jazzier jazzig jazziger",
    "epic": "epic grander dramatic episch epischer dramatisch dramatischer gewaltiger",
}  # fmt: skip
QUALITIES = {word: quality for quality, words in _WORDS.items() for word in words.split()}
"""The quality that a word asks more of."""
A_BIT = r"(?:a bit|a little|slightly|somewhat|etwas|ein bisschen|ein wenig|leicht)"
MUCH = r"(?:much|a lot|far|very|viel|sehr|deutlich|wesentlich)"
FILLERS = frozenset({
    "a", "aber", "als", "also", "an", "and", "auch", "auf", "be", "bitte", "but", "by", "das", "dem",
    "den", "der", "die", "ein", "eine", "einen", "es", "feel", "for", "fur", "im", "in", "it", "its",
    "jetzt", "klingen", "klingt", "let", "lied", "mach", "mache", "machen", "make", "mehr", "melodie",
    "melody", "mit", "mood", "more", "music", "musik", "noch", "noten", "notes", "now", "of", "on",
    "piece", "play", "played", "please", "sein", "should", "soll", "sollte", "song", "sound", "sounds",
    "stimmung", "stuck", "than", "that", "the", "this", "to", "ton", "tone", "tones", "too", "tune",
    "um", "und", "with",
})  # fmt: skip
"""Words that mean nothing here, and are passed over."""
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "half": 1,
    "whole": 2, "ein": 1, "eine": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5,
    "sieben": 7,
}  # fmt: skip
INTERVALS = {
    "semitone": 1, "semitones": 1, "halftone": 1, "halftones": 1, "half-tone": 1, "half-tones": 1,
    "half step": 1, "half steps": 1, "halbton": 1, "halbtone": 1, "tone": 2, "tones": 2,
    "whole tone": 2, "whole tones": 2, "step": 2, "steps": 2, "ganzton": 2, "ganztone": 2, "ton": 2,
    "octave": 12, "octaves": 12, "oktave": 12, "oktaven": 12, "third": 4, "terz": 4, "fourth": 5,
    "quarte": 5, "fifth": 7, "quinte": 7,
}  # fmt: skip
"""Semitones."""
UP = r"up|higher|hoher|hinauf|nach oben|rauf|aufwarts"
DOWN = r"down|lower|tiefer|hinunter|nach unten|runter|abwarts"
INSTRUMENT_WORDS = {
    "piano": 0, "klavier": 0, "music box": 10, "spieluhr": 10, "vibraphone": 11, "vibraphon": 11,
    "marimba": 12, "organ": 19, "orgel": 19, "accordion": 21, "akkordeon": 21, "guitar": 24,
    "gitarre": 24, "electric guitar": 27, "e-gitarre": 27, "violin": 40, "geige": 40, "violine": 40,
    "fiddle": 110, "viola": 41, "bratsche": 41, "cello": 42, "harp": 46, "harfe": 46, "strings": 48,
    "streicher": 48, "choir": 52, "chor": 52, "voice": 53, "stimme": 53, "trumpet": 56, "trompete": 56,
    "trombone": 57, "posaune": 57, "horn": 60, "brass": 61, "blaser": 61, "saxophone": 65, "sax": 65,
    "saxofon": 65, "saxophon": 65, "oboe": 68, "bassoon": 70, "fagott": 70, "clarinet": 71,
    "klarinette": 71, "piccolo": 72, "flute": 73, "flote": 73, "recorder": 74, "blockflote": 74,
    "synth": 81, "synthesizer": 81, "bells": 14, "glocken": 14, "glockenspiel": 9, "xylophone": 13,
    "xylophon": 13, "banjo": 105, "sitar": 104, "harpsichord": 6, "cembalo": 6, "e-piano": 4,
    "electric piano": 4,
}  # fmt: skip
"""What people call instruments beside their General MIDI names."""
