"""Music: the roll in which a song is heard and edited."""
