"""How much softer or louder the instruments of our sound font are played, so that they mix as they are.

Its trombone is 18 dB louder than its piano. Half of what each is off -22 LUFS is made up for, 5 dB at most;
middle C for two seconds at velocity 90 was measured. Other fonts are played as they are.
"""

__all__ = ["OUR_LEVELS"]

# fmt: off
OUR_LEVELS = (
    4, 5, 2.5, 5, 0, 3, 3.5, 3, 3.5, 2.5, 2, 2.5, 2.5, 3.5, 2.5, 5,
    2, -0.5, -0.5, -0.5, 0, 1, 1, 0.5, 3.5, 5, 2.5, 1.5, 2, -0.5, 0, -1.5,
    1, 0, 0.5, 0, 3.5, 4, 3, -3.5, -1, -1, -1.5, -1, 0, 0.5, 2, 5,
    0.5, -0.5, -1.5, -2.5, -0.5, 0.5, 1, 2.5, -1, -5, -4.5, -2.5, -1.5, -2, 1.5, 1.5,
    1, -2, -1.5, 0.5, -2, -1.5, -2, -1.5, -2, -1, -2, -1.5, -1.5, -0.5, -4, -4,
    -3, -1.5, 2.5, -0.5, 0, -2.5, 3, 1, 3, 2, 2, -1, 0.5, -3, 1, 2.5,
    1, 2.5, 5, 3, 1, 0.5, 2, 3, 4, 4, 5, 3.5, 4, -2.5, -3, -1.5,
    1, 4.5, 0.5, 5, 2.5, 4.5, -2, -1.5, -1, -1, 1, -4, -2.5, 1.5, -3, -1,
)
"""Decibels by General MIDI program."""
# fmt: on
