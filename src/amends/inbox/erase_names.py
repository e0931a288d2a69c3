"""Takes the name of an author away for good, and again after a restore; which rows, others decide.

A restore brings a database back that may be older than an erasure. So each is noted in the file of redactions
in the data folder as well, in a line of its own kind: whose key and digest it is, when; never a name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from amends.inbox.models import Author
from amends.record.backup.replay import append_lines, read_lines
from amends.record.log import COMMAND, Actor, Subject, log_action

MOST = 5_000  # lines in one go; the next run of the clock writes the rest


@dataclass(frozen=True, slots=True)
class ErasedAuthor:
    """An erased author as the file knows them; `digest` is of the channel's id, `at` when it was."""

    author: int
    digest: str
    at: str


def erase_names(authors: Iterable[Author], *, actor: Actor, now: datetime) -> int:
    """Put a pseudonym in the place of each name, and log it; says how many had one.

    In the caller's transaction. Whoever calls it has checked permission and legal holds.
    """
    done = 0
    for author in authors:
        values = {"handle": pseudonym_of(author.pk), "display_name": "", "url": ""}
        named = Author.objects.filter(pk=author.pk, erased_at__isnull=True)
        if named.update(**values, followers=None, erased_at=now):
            log_name(author, is_kept=False, actor=actor, now=now)
            done += 1
    return done


def log_name(author: Author, *, is_kept: bool, actor: Actor, now: datetime) -> None:
    """What became of the name; a legal hold keeps it."""
    log_action(
        "author.erase",
        workspace_id=author.workspace_id,
        actor=actor,
        subject=Subject("author", str(author.pk), f"author {author.pk}"),
        now=now,
        data={"name": "kept" if is_kept else "erased"},
    )


def pseudonym_of(pk: int) -> str:
    return f"erased-{pk}"


def write_missing_erasures(file: Path) -> int:
    """Append the erased authors whom the file lacks; returns how many. Safe to repeat."""
    known = {(one.author, one.digest) for one in read_erasures(file)}
    rows = [
        row for row in _erased().iterator(chunk_size=2000) if (row.pk, _digest(row)) not in known
    ]
    lines = [
        json.dumps(asdict(ErasedAuthor(row.pk, _digest(row), _text(row.erased_at))))
        for row in rows[:MOST]
    ]
    append_lines(file, lines)
    return len(lines)


def save_erasures(file: Path) -> None:
    """Note all that a database knows which is about to be overwritten; one of an older version knows none."""
    with suppress(DatabaseError), transaction.atomic():
        while write_missing_erasures(file):
            pass


def read_erasures(file: Path) -> Iterator[ErasedAuthor]:
    """The lines about authors; the others, and what a crash left half-written, are passed over."""
    for plain in read_lines(file):
        with suppress(ValueError, TypeError, KeyError):
            yield ErasedAuthor(int(plain["author"]), str(plain["digest"]), str(plain["at"]))


def replay_erasures(file: Path, *, now: datetime) -> int:
    """Erase the names of whom the file knows and the database names; returns how many lost theirs again."""
    noted = {one.author: one.digest for one in read_erasures(file)}
    with transaction.atomic():
        rows = Author.objects.filter(pk__in=noted, erased_at__isnull=True).order_by("pk")
        same = [row for row in rows if _digest(row) == noted[row.pk]]
        return erase_names(same, actor=COMMAND, now=now)


def _erased() -> QuerySet[Author]:
    return Author.objects.filter(erased_at__isnull=False).order_by("pk")


def _digest(author: Author) -> str:
    """Tells another author who has the key today from the one who was erased."""
    who = [author.workspace_id, author.kind, author.host, author.external_id]
    return sha256(json.dumps(who).encode()).hexdigest()


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
