"""All of a workspace as files that anybody can read: JSONL for each kind, and a manifest with digests."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

from django.db import connection, transaction
from django.db.models import Count

import amends
from amends.accounts.models import Workspace
from amends.accounts.permissions import RESTRICTED_LANES
from amends.cases.models import Case
from amends.inbox.attachment_store import read_bytes
from amends.inbox.models import AttachmentFile, FileState
from amends.record.log import COMMAND, Subject, log_action
from amends.reports.export_rows import LEFT_OUT, Kind, kinds

FORMAT = 1
SENTENCE = (
    "This export holds restricted lanes (employee, legal, threat, minor) as well: whoever has it may read "
    "what only owners, leads and counsel see in the desk. Keep it as they would."
)


class ExportRefused(Exception):
    """The export cannot be written there; the message is for people."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    path: Path
    rows: int
    files: int


class Target(Protocol):
    """Where files go to: a folder, or a zip."""

    def open(self, name: str) -> Any: ...


@dataclass(slots=True)
class _Hashing:
    """Counts and digests what passes through."""

    out: IO[bytes]
    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0
    rows: int = 0

    def write_row(self, row: dict[str, Any]) -> None:
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
        for part in (line, b"\n"):
            self.out.write(part)
            self.digest.update(part)
            self.size += len(part)
        self.rows += 1


def export_workspace(
    workspace: Workspace,
    *,
    to: Path,
    now: datetime,
    on_kind: Callable[[str, int], None] = lambda _name, _rows: None,
) -> Exported:
    """Write everything of a workspace to a new folder, or to a new zip by the ending; constant memory.

    All rows are of one moment. Secrets, and what is of a person across workspaces, stay out (LEFT_OUT).
    Logged. Raises ExportRefused where there is something already.
    """
    draft = to.with_name(f"{to.name}.part")
    if to.exists() or draft.exists():
        raise ExportRefused(f"{to if to.exists() else draft} is there already: name another one.")
    log_action_of(workspace, to=to, now=now)
    with _target(draft, is_zip=to.suffix == ".zip") as target, one_moment():
        files = {}
        for kind in kinds():
            name = f"{kind.name}.jsonl"
            files[name] = _write_kind(kind, target=target, name=name, workspace=workspace)
            on_kind(kind.name, files[name]["rows"])
        files |= _write_files(target, workspace=workspace)
        manifest = _manifest(workspace, files=files, now=now)
        with target.open("manifest.json") as out:
            out.write(json.dumps(manifest, ensure_ascii=False, indent=2).encode())
    draft.rename(to)  # an export that was cut short never looks whole
    rows = sum(one.get("rows", 0) for one in files.values())
    return Exported(to, rows, len(files) + 1)


def log_action_of(workspace: Workspace, *, to: Path, now: datetime) -> None:
    with transaction.atomic():
        log_action(
            "workspace.export",
            workspace_id=workspace.pk,
            actor=COMMAND,
            subject=Subject("workspace", workspace.slug, workspace.name),
            now=now,
            data={"to": to.name},
        )


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it stood at the first read; nobody who writes has to wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            if (
                not connection.savepoint_ids
            ):  # within another transaction it is of one moment by that
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    elif connection.in_atomic_block:
        yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own would take the write lock
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _write_kind(kind: Kind, *, target: Target, name: str, workspace: Workspace) -> dict[str, Any]:
    with target.open(name) as out:
        hashing = _Hashing(out)
        for row in kind.rows(workspace.pk):
            hashing.write_row(row)
    return {"rows": hashing.rows, "bytes": hashing.size, "sha256": hashing.digest.hexdigest()}


def _write_files(target: Target, *, workspace: Workspace) -> dict[str, Any]:
    """The pictures and files of comments as they came, each once, by digest (attachment_file.jsonl)."""
    kept = AttachmentFile.objects.filter(
        attachment__version__workspace=workspace, state=FileState.KEPT
    )
    files: dict[str, Any] = {}
    for digest in kept.order_by("digest").values_list("digest", flat=True).distinct().iterator():
        body = read_bytes(digest)
        if body is None:  # erased in this very moment
            continue
        name = f"files/{digest}"
        with target.open(name) as out:
            out.write(body)
        files[name] = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return files


def _manifest(workspace: Workspace, *, files: dict[str, Any], now: datetime) -> dict[str, Any]:
    cases = Case.objects.filter(workspace=workspace, lane__in=RESTRICTED_LANES).order_by()
    lanes = dict(cases.values("lane").annotate(n=Count("pk")).values_list("lane", "n"))
    return {
        "format": FORMAT,
        "amends": amends.__version__,
        "workspace": {"slug": workspace.slug, "name": workspace.name},
        "exported_at": now.isoformat(),
        "restricted_lanes": {"holds": SENTENCE, "cases": lanes},
        "left_out": LEFT_OUT,
        "files": files,
    }


@contextmanager
def _target(path: Path, *, is_zip: bool) -> Iterator[Target]:
    if not is_zip:
        path.mkdir(mode=0o700, parents=True)
        yield _Folder(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        yield _Zip(archive)


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path

    def open(self, name: str) -> IO[bytes]:
        path = self.path / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return path.open("wb")


@dataclass(frozen=True, slots=True)
class _Zip:
    archive: zipfile.ZipFile

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name, "w", force_zip64=True)
