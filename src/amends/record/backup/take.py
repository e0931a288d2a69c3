"""Takes a backup: the database of one moment, the heads of its log, the files of the data folder; no keys."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

import amends
from amends.core.heads import parse_head_line
from amends.record.backup.databases import database
from amends.record.backup.manifest import CHUNK, FORMAT, NAME, BackupError, Manifest, Member
from amends.record.heads_file import read_head_lines
from amends.record.log import COMMAND, Subject, log_action

HEADS = "log-heads.jsonl"
REDACTIONS = "redactions.jsonl"
FILES = "files"
# Of the data folder: the database comes as a copy, the rest is made anew, passing, or must stay apart.
LEFT_OUT = frozenset(
    {"keys", "static", "mail", "imports", "reports", "backups", HEADS, REDACTIONS, "amends.lock"}
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was made."""

    path: Path
    bytes: int
    rows: int
    files: int


def take_backup(to: Path, *, now: datetime) -> Taken:
    """Write an archive to a new file while the desk goes on; raises BackupError where it cannot."""
    draft = to.with_name(f"{to.name}.part")
    if to.exists():
        raise BackupError(f"{to} is there already: name another file.")
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.DATA_DIR) as folder:
        source = database()
        copy = Path(folder) / source.file_name
        stock = source.copy_to(copy)
        heads = Path(folder) / HEADS
        _copy_heads(heads, last=stock.last_batch)
        files: dict[str, Member] = {}
        draft.touch(mode=0o600)
        with zipfile.ZipFile(draft, "w", compression=zipfile.ZIP_DEFLATED) as archive:
            for path, name in _what_to_take(copy, heads):
                files[name] = _add(archive, path, name=name)
            manifest = Manifest(
                format=FORMAT,
                amends=amends.__version__,
                created_at=now.isoformat(),
                vendor=connection.vendor,
                migrations=stock.migrations,
                counts=stock.counts,
                files=files,
            )
            archive.writestr(NAME, manifest.to_bytes())
    draft.replace(to)  # an archive that was cut short never looks whole
    rows = sum(stock.counts.values())
    with transaction.atomic():
        log_action(
            "desk.backup",
            workspace_id=None,
            actor=COMMAND,
            subject=Subject("desk", "desk", "desk"),
            now=now,
            data={"rows": rows, "files": len(files), "batch": stock.last_batch},
        )
    return Taken(to, to.stat().st_size, rows, len(files))


def files_of_desk() -> Iterator[tuple[Path, str]]:
    """What people brought and the desk keeps beside the database, with its name below the data folder."""
    root = Path(settings.DATA_DIR)
    keys = Path(settings.KEYS_DIR).resolve()
    base = Path(str(connection.settings_dict["NAME"])).name
    for entry in sorted(root.iterdir()):
        is_database = connection.vendor == "sqlite" and entry.name.startswith(base)
        if entry.name in LEFT_OUT or entry.name.startswith(".") or is_database:
            continue
        for path in sorted(entry.rglob("*")) if entry.is_dir() else [entry]:
            is_plain = path.is_file() and not path.is_symlink()
            if is_plain and path.suffix != ".key" and keys not in path.resolve().parents:
                yield path, path.relative_to(root).as_posix()


def _what_to_take(copy: Path, heads: Path) -> Iterator[tuple[Path, str]]:
    yield copy, copy.name
    yield heads, HEADS
    for path, name in files_of_desk():
        yield path, f"{FILES}/{name}"


def _copy_heads(to: Path, *, last: int) -> None:
    """The heads up to the last batch of the copy: a file that knows more than it would stop the sealing."""
    source = Path(settings.DATA_DIR) / HEADS
    with to.open("w", encoding="utf-8") as out:
        for line in read_head_lines(source) if source.exists() else ():
            try:
                is_later = parse_head_line(line).head.number > last
            except ValueError:  # a line that is being written
                break
            if is_later:
                break
            out.write(f"{line}\n")


def _add(archive: zipfile.ZipFile, path: Path, *, name: str) -> Member:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream, archive.open(name, "w", force_zip64=True) as out:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return Member(size, digest.hexdigest())
