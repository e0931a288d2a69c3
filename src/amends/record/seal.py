"""Seals the log: links new entries into the chain and signs where it stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, models, transaction

from amends.core.chain import seal
from amends.core.heads import BatchHead, sign_head
from amends.record.chain_rows import batch_row, entry_of, signed_head_of
from amends.record.heads_file import write_missing_heads
from amends.record.log_key import signing_key
from amends.record.models import ActionLog, LogBatch, LogLink

BATCH = 5_000
# Entries become visible out of the order of their ids, but hardly ever by more than this.
LOOK_BACK = 20_000


def seal_log(
    *, now: datetime, keys_dir: Path, heads_file: Path, is_thorough: bool = False
) -> LogBatch | None:
    """Chain all entries that have no link yet, oldest first; returns the last new batch, if any.

    A crash at any point heals at the next call. Of two sealers at once one does the work and the
    other returns None. `is_thorough` looks for unlinked entries in the whole log rather than near
    its end. Raises LogCut, KeyFileError or OSError, with nothing half done.
    """
    write_missing_heads(heads_file)
    latest: LogBatch | None = None
    try:
        while (batch := _seal_batch(now, keys_dir=keys_dir, is_thorough=is_thorough)) is not None:
            latest = batch
            write_missing_heads(heads_file)
            if batch.count < BATCH:
                break
    except IntegrityError:  # the number or an entry was taken: another sealer was first
        return None
    return latest


def _seal_batch(now: datetime, *, keys_dir: Path, is_thorough: bool) -> LogBatch | None:
    if not _unlinked(is_thorough=is_thorough).exists():  # an idle desk takes no write lock for this
        return None
    with transaction.atomic():
        last = LogBatch.objects.order_by("-number").first()
        entries = list(_unlinked(is_thorough=is_thorough)[:BATCH])
        if not entries:
            return None
        sealed = seal(
            [entry_of(entry) for entry in entries],
            previous=_head_of(last),
            now=now,
        )
        key = signing_key(keys_dir, is_first=last is None)
        batch = batch_row(sign_head(sealed.head, key=key))
        batch.save(force_insert=True)
        LogLink.objects.bulk_create(
            (
                LogLink(position=link.position, entry_id=link.entry_id, hash=link.hash, batch=batch)
                for link in sealed.links
            ),
            batch_size=500,
        )
    return batch


def _head_of(batch: LogBatch | None) -> BatchHead | None:
    return signed_head_of(batch).head if batch else None


def _unlinked(*, is_thorough: bool) -> models.QuerySet[ActionLog]:
    links = LogLink.objects.filter(entry_id=models.OuterRef("pk"))
    entries = ActionLog.objects.filter(~models.Exists(links)).order_by("pk")
    if is_thorough:
        return entries
    highest = LogLink.objects.order_by("-entry_id").values_list("entry_id", flat=True).first()
    return entries.filter(pk__gt=(highest or 0) - LOOK_BACK)
