"""studio models move: the studio's own models in another folder."""

from __future__ import annotations

import argparse

from studio.cli import codes
from studio.cli.consent import interrupted
from studio.cli.console import Console
from studio.cli.session import model_store
from studio.words import tr, trn


def move(options: argparse.Namespace, console: Console) -> int:
    from studio.models.moving import move as move_models

    store = model_store()
    if options.folder is None:
        console.result({"ok": True, "folder": str(store.place)}, str(store.place))
        return codes.OK

    def work() -> int:
        count = move_models(
            store, options.folder, lambda done, total, name: console.progress(done / (total or 1), name)
        )
        console.end_progress()
        place = store.place
        words = trn(
            "{count} model moved to {folder}", "{count} models moved to {folder}", count, folder=place
        )
        console.result({"ok": True, "moved": count, "folder": str(place)}, words)
        return codes.OK

    kept = tr("Models that are moved stay there, the others where they were: the same command goes on.")
    return interrupted(console, work, kept)
