"""Looks at every byte of a project, and repairs what can be repaired without losing any."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from studio.core.kind import STOCK_KINDS, Kinds
from studio.errors import ProjectDamaged
from studio.project import backups, dump, recovery, rows, schema, watch
from studio.project.blobs import NAME, digest_of
from studio.project.database import ERRORS, in_words, reading
from studio.project.items import inputs_of_waiting_jobs
from studio.project.store import Project
from studio.words import mark, tr, trn

_SYSTEM_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Problem:
    part: str
    """"database", "file", "orphan", "search", "index", "list", "backup"."""
    message: str
    repaired: bool = False


@dataclass
class Report:
    """What was looked at and what was found."""

    items: int = 0
    files: int = 0
    size: int = 0
    """Bytes of all blobs that items name."""
    missing: list[str] = field(default_factory=list)
    """uids of items without their file."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing was wrong, or all of it was repaired."""
        return all(problem.repaired for problem in self.problems)

    @property
    def whole(self) -> bool:
        """Nothing of what the project holds is damaged; at most, files are left over that no item names."""
        return all(problem.repaired or problem.part == "orphan" for problem in self.problems)

    def add(self, part: str, message: str, *, repaired: bool = False) -> None:
        self.problems.append(Problem(part, message, repaired))


def check(folder: Path, *, repair: bool, kinds: Kinds = STOCK_KINDS) -> Report:
    """Checks the database, every blob's digest, the search index, the text list and the backups.

    Without `repair` nothing is written, and the project may be open elsewhere. With it: a damaged database is
    recovered (see `recovery`), blobs come back from the trash, altered ones and those that nothing names go
    there (for 30 days), the index and the list are made anew.

    Raises:
        BadInput, ProjectNewer, ProjectInUse, ProjectReadOnly: as `Project.open`.
    """
    report = Report()
    try:
        with watch.part(0, 0.3):
            project = _open_proven(folder, repair=repair)
    except ProjectDamaged as error:
        if not repair:
            report.add("database", f"{error.message} {error.detail}")
            return report
        recovered = recovery.recover(folder, kinds)
        backup = recovered.plan.backup
        if backup:
            told = tr("It was recovered from the backup {file}.", file=backup.name)
        else:
            told = tr("It was recovered from its files.")
        report.add("database", f"{error.message} {told}", repaired=True)
        project = _open_proven(folder, repair=repair)
    try:
        if repair:
            # The last good state before the cleaning.
            project.backup()
        _check_references(project, report)
        _check_search(project, report, repair=repair)
        with watch.part(0.3, 0.4):
            _check_index(project, report, repair=repair)
        with watch.part(0.4, 0.9):
            _check_blobs(project, report, repair=repair)
        _check_orphans(project, report, repair=repair)
        _check_list(project, report, repair=repair)
        every = backups.list_backups(project.folder)
        for number, path in enumerate(every):
            watch.tell(0.9 + 0.1 * number / len(every), 1)
            if not backups.is_good(path):
                report.add("backup", tr("The backup {file} is damaged.", file=path.name))
        return report
    finally:
        project.close()


def _open_proven(folder: Path, *, repair: bool) -> Project:
    project = Project.open(folder, read_only=not repair, prove=False)
    try:
        project.prove()
    except BaseException:
        project.abandon()
        raise
    return project


def _check_references(project: Project, report: Report) -> None:
    for row in project.db.read("PRAGMA foreign_key_check"):
        report.add(
            "database", tr("A row of {table} leads to a missing row of {other}.", table=row[0], other=row[2])
        )


def _check_search(project: Project, report: Report, *, repair: bool) -> None:
    """FTS5 checks itself only where it may write, so that is a copy in memory."""
    copy = sqlite3.connect(":memory:")
    try:
        with reading(project.db.path) as source:
            source.backup(copy)
        copy.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
    except ERRORS as error:
        if not isinstance(in_words(error, project.db.path), ProjectDamaged):
            raise
        if repair:
            with project.db.transaction() as connection:
                connection.execute("INSERT INTO search(search) VALUES ('rebuild')")
        report.add("search", tr("The search index did not fit the items."), repaired=repair)
    finally:
        copy.close()


_INDEX = """SELECT count(*) FROM item LEFT JOIN job ON job.id = item.job AND json_valid(job.recipe)
    WHERE item.sort_name IS NOT sort_key(item.name) OR item.batch IS NOT job.batch
    OR item.generator IS NOT json_extract(job.recipe, '$.generator')
    OR item.seed IS NOT json_extract(job.recipe, '$.seed')
    OR item.models IS NOT (SELECT group_concat(json_extract(value, '$.name'), char(10))
        FROM json_each(job.recipe, '$.models'))"""


def _check_index(project: Project, report: Report, *, repair: bool) -> None:
    """What is kept twice, for the sake of speed, must say the same."""
    fits = not project.db.read(_INDEX)[0][0]
    for column, table, key in (("tags", "item_tag", "tag"), ("collections", "item_collection", "collection")):
        listed = project.db.read(f"SELECT id, {column} FROM item WHERE {column} <> ''")
        expected = {(row[0], part) for row in listed for part in rows.split(row[1])}
        fits &= expected == set(map(tuple, project.db.read(f"SELECT item, {key} FROM {table}")))
    if not fits:
        if repair:
            with project.db.transaction() as connection:
                for statement in schema.REINDEX:
                    connection.execute(statement)
        report.add(
            "index", tr("The index of names, tags and collections did not fit the items."), repaired=repair
        )


def _check_blobs(project: Project, report: Report, *, repair: bool) -> None:
    report.items = int(project.db.read("SELECT count(*) FROM item")[0][0])
    named = project.db.read(
        "SELECT digest, extension, max(size) AS size FROM item GROUP BY digest, extension"
    )
    for digest, extension, size in watch.each(named, len(named)):
        report.files += 1
        report.size += size
        path = project.blobs.path(digest, extension)
        if path.is_file() and not path.is_symlink():
            if path.stat().st_size == size and digest_of(path) == digest:
                continue
            if repair:
                project.blobs.set_aside(path, f"altered-{path.name}")
            told, repaired = mark("The file of {names} ({file}) was altered. Its recipe is kept."), False
        elif repair and project.blobs.bring_back(digest, extension):
            told = mark("The file of {names} ({file}) was missing; it was in the trash.")
            repaired = True
        else:
            told, repaired = mark("The file of {names} ({file}) is missing. Its recipe is kept."), False
        items = project.db.read(
            "SELECT uid, name FROM item WHERE digest = ? AND extension = ?", (digest, extension)
        )
        names = ", ".join(dict.fromkeys(f"“{row['name']}”" for row in items))
        report.add("file", tr(told, names=names, file=path.name), repaired=repaired)
        if not repaired:
            report.missing += [row["uid"] for row in items]


def _check_orphans(project: Project, report: Report, *, repair: bool) -> None:
    named = {tuple(row) for row in project.db.read("SELECT digest, extension FROM item")}
    with reading(project.db.path) as connection:
        needed = inputs_of_waiting_jobs(connection)
    for path in list(project.blobs.all()):
        match = NAME.fullmatch(path.name)
        if match and (match.groups() in named or match[1] in needed):
            continue
        if not match:
            if path.name not in _SYSTEM_FILES:
                report.add(
                    "orphan",
                    tr(
                        "{file} does not belong in the folder blobs; it was left there.",
                        file=ascii(path.name),
                    ),
                )
            continue
        if repair:
            project.blobs.set_aside(path)
        report.add("orphan", tr("No item names the file {file}.", file=path.name), repaired=repair)


def _check_list(project: Project, report: Report, *, repair: bool) -> None:
    """The list is written when the project closes, so it may be older than the database, but not torn."""
    text = project.folder / dump.NAME
    if not text.is_file():
        return
    torn = sum(entry is None for entry in dump.read(text))
    if torn:
        if repair:
            dump.write(project.db.path, project.folder)
        told = trn(
            "{count} line of {file} cannot be read.",
            "{count} lines of {file} cannot be read.",
            torn,
            file=dump.NAME,
        )
        report.add("list", told, repaired=repair)
