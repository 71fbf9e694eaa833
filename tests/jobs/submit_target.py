"""A batch of files that is being put into a queue, to be killed meanwhile."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.jobs.queue import Queue
from studio.project.intake import Intake
from studio.project.store import Project


def main(folder: Path, photos: Path) -> None:
    with Project.open(folder) as project:
        print("opened", flush=True)
        number = 0
        while True:
            number += 1
            assets, recipes = Intake(project), []
            for photo in sorted(photos.iterdir()):
                file = photo.with_name(f"{number} {photo.name}")
                photo.rename(file)
                file.write_text(f"{file.name} of {os.getpid()}")
                digest = assets.add_asset(file, kind=Kind.TEXT).digest
                recipes.append(
                    Recipe(generator="a/b", generator_version="1", params={}, inputs={"source": digest})
                )
                file.rename(photo)
            Queue(project).submit(recipes, title=str(number), assets=assets)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
