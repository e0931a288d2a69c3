"""Files that a person uploads for an import: kept for the desk alone, looked at, begun, and cleared away."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Brand, User, Workspace
from amends.accounts.permissions import may_import, refuse_unless
from amends.inbox.import_errors import write_errors
from amends.inbox.import_file import begin_import, cancel_import
from amends.inbox.import_source import Source, UnusableInput, open_source
from amends.inbox.models import FileImport, ImportStatus

KEPT = timedelta(days=14)  # how long an errors file can be fetched
UNBEGUN = timedelta(days=1)  # how long an upload waits to be begun


class TooLarge(UnusableInput):
    """The upload is larger than the desk takes."""


def keep_upload(
    chunks: Iterable[bytes],
    *,
    name: str,
    workspace: Workspace,
    brand: Brand,
    by: User,
    now: datetime,
) -> FileImport:
    """Store an upload and look at it; raises UnusableInput for what is no table, and keeps nothing then."""
    refuse_unless(may_import(by, workspace), _("import files"))
    folder = imports_folder() / uuid.uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    path = folder / "upload"
    try:
        _write(path, chunks)
        source = open_source(path, name=name)
        return FileImport.objects.create(
            workspace=workspace,
            brand=brand,
            source=Path(name).stem[:100] or "file",
            file_name=name[:200],
            path=str(path),
            format=source.format,
            digest=source.digest(),
            size=source.size,
            asked_by=by,
            asked_at=now,
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def start_upload(
    run: FileImport, *, source: Source, values: dict[str, object], by: User, now: datetime
) -> None:
    """Take over how the file is to be read, and begin; raises ImportRefused where it was begun already."""
    refuse_unless(may_import(by, run.workspace), _("import files"))
    with transaction.atomic():
        FileImport.objects.filter(pk=run.pk, status=ImportStatus.MAPPING).update(**values)
        run.refresh_from_db()
        begin_import(run, source=source, by=actor_of(by), now=now)


def stop_upload(run: FileImport, *, by: User, now: datetime) -> None:
    """Stop an import or throw an upload away; raises ImportRefused when it has ended."""
    refuse_unless(may_import(by, run.workspace), _("import files"))
    cancel_import(run, by=actor_of(by), now=now)
    shutil.rmtree(_folder_of(run), ignore_errors=True)


def settle_files(run: FileImport) -> None:
    """After the last row: write the errors down, let go of the upload. Safe to repeat."""
    path = Path(run.path)
    if not run.path or not path.is_file():
        return
    run.refresh_from_db()
    if run.bad:
        draft = path.with_name("errors.part")
        with draft.open("w", encoding="utf-8", newline="") as out:
            write_errors(run, source=open_source(path, name=run.file_name), out=out)
        draft.replace(path.with_name("errors.csv"))
    path.unlink(missing_ok=True)


def errors_file(run: FileImport) -> Path | None:
    """The bad rows of an import in the browser; None where there are none, or they were cleared away."""
    path = Path(run.path).with_name("errors.csv") if run.path else None
    return path if path is not None and path.is_file() else None


def clear_imports(*, now: datetime) -> int:
    """Remove what nobody fetches any more; returns how many folders went. Words do not lie about for good."""
    FileImport.objects.filter(status=ImportStatus.MAPPING, asked_at__lt=now - UNBEGUN).update(
        status=ImportStatus.CANCELLED, finished_at=now
    )
    waiting = FileImport.objects.exclude(path="").exclude(
        status__in=[ImportStatus.DONE, ImportStatus.CANCELLED, ImportStatus.FAILED],
    )
    recent = FileImport.objects.exclude(path="").filter(
        status=ImportStatus.DONE, finished_at__gte=now - KEPT
    )
    kept = {Path(path).parent.name for path in waiting.union(recent).values_list("path", flat=True)}
    root = imports_folder()
    gone = [one for one in root.iterdir() if one.name not in kept] if root.is_dir() else []
    for folder in gone:
        is_new = folder.stat().st_mtime > (now - timedelta(hours=1)).timestamp()
        if not is_new:  # an upload that is being written has no row yet
            shutil.rmtree(folder, ignore_errors=True)
    return len(gone)


def imports_folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def _folder_of(run: FileImport) -> Path:
    """The folder of an upload; never anything outside ours, whatever stands in the row."""
    folder = Path(run.path).resolve().parent
    if folder.parent != imports_folder().resolve():
        raise UnusableInput(f"{run.path} lies outside of the folder of imports")
    return folder


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    most = settings.IMPORT_MAX_BYTES
    size = 0
    with path.open("wb") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise TooLarge(
                    _("The file is larger than %(limit)s MB. Split it, or use the command line.")
                    % {"limit": most // 1024**2}
                )
            out.write(chunk)
