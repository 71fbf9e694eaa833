"""The music model that ships with the plugin, run by ONNX Runtime with a cache of keys and values."""

from __future__ import annotations

from pathlib import Path


class MusicModel:
    """A loaded model. One model serves one thread at a time."""

    @classmethod
    def load(cls, path: Path | None = None, threads: int = 2) -> MusicModel:
        """Reads a model: the one that ships where no path is given. Takes about 0.2 s.

        Raises:
            BadInput: there is no model at the path, or the file is not such a model.
        """
        raise NotImplementedError
