"""Makes the daily digest of everybody whose hour has come, once a day by the clock on their wall."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from amends.accounts.models import NoticeDelivery, NoticeHours
from amends.accounts.notify import DELIVER_NOTICE, addresses_of
from amends.accounts.queries import memberships_of


def make_digests(*, now: datetime) -> int:
    """Put a digest on its way for each address and workspace; returns for how many persons."""
    rows = NoticeHours.objects.filter(digest_at__isnull=False, user__is_active=True)
    return sum(_make(row, now=now) for row in rows.select_related("user").iterator())


def _make(hours: NoticeHours, *, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(hours.user.time_zone))
    if hours.digest_at is None or local.time() < hours.digest_at:
        return False
    today = local.date()
    with transaction.atomic():
        # Guarded: of two clocks one makes it, and a person who travels west gets no second one.
        due = NoticeHours.objects.filter(
            Q(digest_made_on__isnull=True) | Q(digest_made_on__lt=today), pk=hours.pk
        )
        if not due.update(digest_made_on=today):
            return False
        for address in addresses_of(hours.user):
            for member in memberships_of(hours.user):
                NoticeDelivery.objects.create(
                    workspace=member.workspace,
                    address=address,
                    created_at=now,
                    next_step=DELIVER_NOTICE,
                    due_at=now,
                )
    return True
