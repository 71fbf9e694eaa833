"""How a song sounds: the sound font, the instruments, the mix, audio files, and the process that plays."""
