"""Answers a request that is repeated under the same name as the first time, without doing it again.

The name is claimed before the work begins, in a transaction of its own; the answer is stored in the
transaction that does the work. So after a crash either both are there or none, and a claim that nobody
finished is taken over.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from amends.accounts.credentials import seal, unseal
from amends.accounts.models import ApiToken, IdempotencyKey

KEPT = timedelta(hours=24)
PATIENCE = timedelta(seconds=90)  # longer than any request may take
MAX_KEY = 200


class StillAtIt(Exception):
    """The first request of this name is still being worked on."""


class OtherRequest(Exception):
    """The name was given to another request before."""


class ClaimLost(Exception):
    """Another process has taken the work over; what was done here must not count."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Begun:
    """That this process is to do the work."""

    pk: int
    claim: str


def digest_request(method: str, address: str, body: bytes) -> str:
    """What makes two requests the same."""
    head = f"{method} {address}\n".encode()
    return hashlib.sha256(head + body).hexdigest()


def begin_request(token: ApiToken, *, key: str, digest: str, now: datetime) -> Begun | Stored:
    """Claim the name, or give what was answered before. Raises StillAtIt and OtherRequest."""
    claim = uuid.uuid4().hex
    mine = {"digest": digest, "begun_at": now, "claim": claim}
    try:
        with transaction.atomic():
            made = IdempotencyKey.objects.create(token=token, key=key, **mine)
        return Begun(made.pk, claim)
    except IntegrityError:
        row = IdempotencyKey.objects.filter(token=token, key=key).first()
        if row is None:  # given back in the same moment: the client may ask again at once
            raise StillAtIt from None
    is_old = row.begun_at <= now - KEPT
    is_left = row.status is None and row.begun_at <= now - PATIENCE
    if row.digest != digest and not is_old:
        raise OtherRequest
    if row.status is not None and not is_old:
        return Stored(row.status, row.headers, unseal(row.body.encode()).get("body", ""))
    if is_old or is_left:
        again = {"status": None, "headers": {}, "body": "", **mine}
        if IdempotencyKey.objects.filter(pk=row.pk, claim=row.claim).update(**again):
            return Begun(row.pk, claim)
    raise StillAtIt


def finish_request(begun: Begun, *, stored: Stored) -> None:
    """Keep the answer, in the transaction that did the work; raises ClaimLost."""
    rows = IdempotencyKey.objects.filter(pk=begun.pk, claim=begun.claim)
    # Sealed: an answer may hold a secret that is shown once, or the words of a customer.
    body = seal({"body": stored.body}).decode()
    said = {"status": stored.status, "headers": dict(stored.headers), "body": body}
    if not rows.update(**said):
        raise ClaimLost


def give_back_request(begun: Begun) -> None:
    """Nothing was done: the name may be used again, mended."""
    IdempotencyKey.objects.filter(pk=begun.pk, claim=begun.claim).delete()


def forget_old_requests(*, now: datetime) -> int:
    """Delete what is older than a day; for the clock."""
    deleted, _by_kind = IdempotencyKey.objects.filter(begun_at__lt=now - KEPT).delete()
    return deleted
