"""The panel at the left of the roll: what plays, with which instrument, and how loud."""
