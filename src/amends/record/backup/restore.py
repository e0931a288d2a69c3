"""Brings a backup back into an empty desk: checked before, compared after; what was erased since, again."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from amends.core.keys import KeyFileError
from amends.record.backup.databases import counts_now, database
from amends.record.backup.manifest import BackupError, Manifest, read_manifest, unpack
from amends.record.backup.replay import replay_redactions, write_missing_redactions
from amends.record.backup.take import FILES, HEADS, LEFT_OUT, REDACTIONS, files_of_desk
from amends.record.log import COMMAND, Subject, log_action
from amends.record.verify import measure, verify_record


@dataclass(slots=True)
class Check:
    """One thing that was compared after the restore; `is_sound` None: it could not be looked at."""

    name: str
    detail: str
    is_sound: bool | None = True


@dataclass(slots=True)
class Restored:
    """What came back."""

    manifest: Manifest
    checks: list[Check] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return all(check.is_sound is not False for check in self.checks)


def restore_backup(
    path: Path,
    *,
    now: datetime,
    migrate: Callable[[], None],
    save: Callable[[Path], None] = lambda _file: None,
    is_forced: bool = False,
) -> Restored:
    """Restore an archive; raises BackupError before anything is touched where it must not be.

    `migrate` brings the database up to this version; `save` notes what else than redactions the database that
    is overwritten knows to be erased, in the file of redactions. What is in the way is named, and overwritten
    only when forced; key files and the list of redactions always stay.
    """
    with _opened(path) as archive:
        manifest = read_manifest(archive, path=path)
        if manifest.vendor != connection.vendor:
            raise BackupError(
                f"{path}: holds a {manifest.vendor} database, DATABASE_URL names {connection.vendor}: "
                f"restore it into a database of its kind."
            )
        source = database()
        there = what_is_in_the_way()
        if there and not is_forced:
            named = ", ".join(there[:10]) + (" …" if len(there) > 10 else "")
            raise BackupError(f"These would be overwritten: {named}. Say --force, if you mean it.")
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as folder:
            staged = Path(folder)
            _unpack_all(archive, manifest, to=staged)
            if is_forced and source.what_is_there():
                _save_redactions()
                save(_data() / REDACTIONS)
            source.put_back(staged / source.file_name)
            _put_files(staged)
    done = Restored(manifest)
    done.checks.append(Check("files", f"{len(manifest.files)} files as they were"))
    done.checks.append(_compare_counts(manifest))
    migrate()
    done.checks.append(_verify_log())
    erased = replay_redactions(_data() / REDACTIONS, now=now)
    done.checks.append(Check("erasure", f"{erased} contents erased again"))
    with transaction.atomic():
        log_action(
            "desk.restore",
            workspace_id=None,
            actor=COMMAND,
            subject=Subject("desk", "desk", "desk"),
            now=now,
            data={"of": manifest.created_at, "erased": erased},
        )
    return done


def what_is_in_the_way() -> list[str]:
    """What a restore would overwrite; keys, letters and what is made anew are none of it."""
    there = database().what_is_there()
    if (_data() / HEADS).exists():
        there.append(str(_data() / HEADS))
    return there + [str(path) for path, _name in files_of_desk()]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{path}: cannot be read as a backup ({error}).") from error
    with archive:
        yield archive


def _unpack_all(archive: zipfile.ZipFile, manifest: Manifest, *, to: Path) -> None:
    for name, member in manifest.files.items():
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with target.open("xb") as out:
            target.chmod(0o600)
            unpack(archive, name, member=member, out=out, digest=hashlib.sha256())


def _put_files(staged: Path) -> None:
    shutil.move(staged / HEADS, _data() / HEADS)
    root = staged / FILES
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        if path.relative_to(root).parts[0] in LEFT_OUT:
            raise BackupError(
                f"the archive holds {path.relative_to(root)}, which no backup does: not restored."
            )
        if path.is_file():
            target = _data() / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(target)


def _save_redactions() -> None:
    """What the database that is overwritten knows to be erased must not come back."""
    while write_missing_redactions(_data() / REDACTIONS):
        pass


def _compare_counts(manifest: Manifest) -> Check:
    found = counts_now()
    wrong = [
        f"{name}: {found.get(name, 0)} instead of {rows}"
        for name, rows in manifest.counts.items()
        if found.get(name, 0) != rows
    ]
    if wrong:
        return Check("rows", "; ".join(wrong[:5]), is_sound=False)
    return Check(
        "rows", f"{sum(manifest.counts.values())} rows in {len(found)} tables as they were"
    )


def _verify_log() -> Check:
    heads = _data() / HEADS
    try:
        extent = measure(heads)
        if not extent.batches and not extent.lines:
            return Check("log", f"{extent.entries} entries, none sealed yet")
        keys = Path(settings.KEYS_DIR)
        problems = [
            one
            for one in verify_record(extent, keys_dir=keys, heads_file=heads, on_entry=lambda: None)
            if one.is_fault
        ]
    except (KeyFileError, OSError) as error:
        return Check("log", f"not checked: {error}", is_sound=None)
    if problems:
        return Check("log", problems[0].message, is_sound=False)
    return Check("log", f"{extent.sealed} sealed entries, nothing altered or missing")


def _data() -> Path:
    return Path(settings.DATA_DIR)
