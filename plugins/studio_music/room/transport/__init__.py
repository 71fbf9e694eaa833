"""The bar above the roll: playing, where it plays, and what tempo, key and meter the song has there."""
