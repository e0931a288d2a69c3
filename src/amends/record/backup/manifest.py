"""What an archive says about itself, and what is refused before anything of it is believed."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import amends

FORMAT = 1
NAME = "manifest.json"
MAX_MANIFEST = 16 * 1024 * 1024
CHUNK = 1 << 20
KEYS_SAY = (
    "No key is in this archive. Keep a copy of the key files apart from it: without credentials.key the "
    "credentials of channels are entered again, without log.key the log can be neither checked nor sealed."
)


class BackupError(Exception):
    """A backup or restore cannot go on; one line: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The archive's description of itself; `counts` are the rows of every table at that moment."""

    format: int
    amends: str
    created_at: str
    vendor: str  # sqlite | postgresql
    migrations: list[list[str]]
    counts: dict[str, int]
    files: dict[str, Member]
    keys: str = KEYS_SAY

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode()


def read_manifest(archive: zipfile.ZipFile, *, path: Path) -> Manifest:
    """The manifest, checked; raises BackupError for what is no backup, newer than us, or unsafe."""
    try:
        info = archive.getinfo(NAME)
        if info.file_size > MAX_MANIFEST:
            raise ValueError("its manifest is too large")
        plain = json.loads(archive.read(info))
        manifest = _from_plain(plain)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BackupError(
            f"{path}: is no backup of Amends ({error}); name another file."
        ) from error
    if manifest.format > FORMAT or version_of(manifest.amends) > version_of(amends.__version__):
        raise BackupError(
            f"{path}: was made by Amends {manifest.amends}, this is {amends.__version__}: "
            f"install that version or a newer one, then restore."
        )
    _refuse_unsafe(archive, manifest, path=path)
    return manifest


def version_of(text: str) -> tuple[int, ...]:
    """A version as numbers, for comparing: 0.10.2 is later than 0.9."""
    return tuple(int(part) for part in re.findall(r"\d+", text)[:4])


def unpack(
    archive: zipfile.ZipFile, name: str, *, member: Member, out: BinaryIO, digest: Any
) -> None:
    """Write one file out and compare; raises BackupError when it is not what the manifest says."""
    size = 0
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > member.bytes:
                break
            digest.update(chunk)
            out.write(chunk)
    if size != member.bytes or digest.hexdigest() != member.sha256:
        raise BackupError(f"{name} in the archive was altered or is damaged: use another backup.")


def is_safe(name: str) -> bool:
    """Whether a name stays inside the folder into which it is unpacked, on every system."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not (
        name.startswith("/")
        or "\\" in name
        or "\x00" in name
        or ":" in parts[0]
        or ".." in parts
        or "." in name.split("/")
        or "" in name.split("/")
    )


def _refuse_unsafe(archive: zipfile.ZipFile, manifest: Manifest, *, path: Path) -> None:
    names = [info.filename for info in archive.infolist()]
    for name in {*names, *manifest.files} - {NAME}:
        if not is_safe(name):
            raise BackupError(
                f"{path}: holds {name!r}, which leads out of the folder: not restored."
            )
        if name.endswith(".key"):
            raise BackupError(
                f"{path}: holds the key {name!r}, as no backup of ours does: not restored."
            )
    if sorted(names) != sorted({*manifest.files, NAME}):
        odd = sorted({*names} ^ {*manifest.files, NAME}) or ["a name that stands there twice"]
        raise BackupError(f"{path}: {odd[0]} is missing or was added: use another backup.")


def _from_plain(plain: dict[str, Any]) -> Manifest:
    created = datetime.fromisoformat(plain["created_at"])
    if created.tzinfo is None or plain["vendor"] not in {"sqlite", "postgresql"}:
        raise ValueError("its manifest is not ours")
    return Manifest(
        format=int(plain["format"]),
        amends=str(plain["amends"]),
        created_at=created.isoformat(),
        vendor=plain["vendor"],
        migrations=[[str(app), str(name)] for app, name in plain["migrations"]],
        counts={str(name): int(rows) for name, rows in plain["counts"].items()},
        files={
            str(name): Member(int(one["bytes"]), str(one["sha256"]))
            for name, one in plain["files"].items()
        },
    )
