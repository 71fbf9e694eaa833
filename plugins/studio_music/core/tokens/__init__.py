"""Music as tokens for the model: the vocabulary, how bars are written down, and in which order notes are
asked for."""
