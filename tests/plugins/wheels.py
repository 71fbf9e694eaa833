"""Wheels of the plugins in this folder, built and installed without a build backend and without a network.

A wheel is a zip archive of packages and a metadata folder (PEP 427), and installing a pure one is unpacking
it. That is done here: hatchling, which `pyproject.toml` names for everybody else, is no need of the tests.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
import zipfile
from pathlib import Path


def build(source: Path, folder: Path) -> Path:
    """The wheel of the package that lies beside the `pyproject.toml` in `source`."""
    settings = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))
    project, tool = settings["project"], settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    stem = f"{project['name'].replace('-', '_')}-{project['version']}"
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for package in tool["packages"]
        for path in sorted((source / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    info = f"{stem}.dist-info"
    points = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in rows.items())
        for group, rows in project["entry-points"].items()
    ]
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    ).encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/entry_points.txt"] = "\n".join(points).encode()
    record = [f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items()]
    files[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"]).encode()
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return wheel


def install(wheel: Path, site: Path) -> None:
    """Unpacks a wheel into a folder that is on the path."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
