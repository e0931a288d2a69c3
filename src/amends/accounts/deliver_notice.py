"""Brings one notice, or a digest, to a person's messenger: the public id and a link, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from amends.accounts.credentials import SealBroken, unseal
from amends.accounts.models import NoticeAddress, NoticeDelivery, NoticeDeliveryStatus, Notification
from amends.accounts.notice_words import discreet_sentence, notice_sentence
from amends.accounts.notify import rest_until, ways_of
from amends.accounts.permissions import may_read
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.messengers import send_message
from amends.core.clock import Clock
from amends.work.claim import MAX_ATTEMPTS, Claim, back_off, finish, put_off, try_again

Knowledge = Callable[[Notification], str]
"""What a person may hear of a notice outside the desk: open | discreet | "" for nothing."""

S = NoticeDeliveryStatus
DIGEST_LINES = 20
DIGEST_SPAN = timedelta(days=1)


def deliver_notice(
    claim: Claim[NoticeDelivery], *, clock: Clock, guard: OutboundGuard, knowledge: Knowledge
) -> None:
    """Send it once; quiet hours put it off, a read notice or a lost right drops it."""
    row, now = claim.row, clock.now()
    user = row.address.user
    until = rest_until(user, now=now)
    if until > now:
        put_off(claim, until=until, error="", attempts=0)
        return
    with translation.override(user.language):
        body = _body(row, knowledge=knowledge)
        title = _("Amends: %(workspace)s") % {"workspace": row.workspace.name}
    if not body:
        _end(claim, status=S.DROPPED, clock=clock)
        return
    try:
        address = unseal(row.address.sealed)["address"]
        send_message(address, title=title, body=body, guard=guard)
    except SealBroken as error:
        _fail(claim, problem=str(error), clock=clock)
    except ChannelError as error:
        if error.permanent or row.attempts >= MAX_ATTEMPTS:
            _fail(claim, problem=str(error), clock=clock)
        else:
            pause = error.retry_after or back_off(row.attempts, base=timedelta(seconds=30))
            try_again(claim, until=now + pause, error=str(error))
    else:
        _end(claim, status=S.SENT, clock=clock)


def _body(row: NoticeDelivery, *, knowledge: Knowledge) -> str:
    user = row.address.user
    if row.address.ended_at is not None or not may_read(user, row.workspace):
        return ""
    notification = row.notification
    if notification is None:
        return _digest(row, knowledge=knowledge)
    if notification.read_at is not None:
        return ""
    known = knowledge(notification)
    if not known:
        return ""
    if known == "open":
        return f"{notice_sentence(notification)}\n{_link(notification)}"
    return f"{discreet_sentence()}\n{_overview()}"


def _digest(row: NoticeDelivery, *, knowledge: Knowledge) -> str:
    """What was not read of the last day; empty where there is nothing to say."""
    user = row.address.user
    recent = Notification.objects.filter(
        user=user,
        workspace=row.workspace,
        read_at__isnull=True,
        created_at__gt=row.created_at - DIGEST_SPAN,
    ).order_by("-created_at")
    wanted = [one for one in recent[:200] if ways_of(user, kind=one.kind).in_digest]
    lines = [
        notice_sentence(one) if known == "open" else discreet_sentence()
        for one in wanted
        if (known := knowledge(one))
    ]
    said = list(dict.fromkeys(lines))
    if not said:
        return ""
    head = _("Not read yet, of the last day: %(count)d") % {"count": len(lines)}
    return "\n".join([head, *(f"- {line}" for line in said[:DIGEST_LINES]), _overview()])


def _link(notification: Notification) -> str:
    number = notification.subject_id.removeprefix("C-")
    if notification.subject_kind == "case" and number.isdigit():
        return settings.BASE_URL + reverse("case", args=[int(number)])
    return _overview()


def _overview() -> str:
    return settings.BASE_URL + reverse("notifications")


def _end(claim: Claim[NoticeDelivery], *, status: NoticeDeliveryStatus, clock: Clock) -> None:
    row = claim.row
    is_sent = status == S.SENT
    with transaction.atomic():
        NoticeDelivery.objects.filter(pk=row.pk, lease_token=claim.token).update(
            status=status, sent_at=clock.now() if is_sent else None
        )
        if is_sent:
            NoticeAddress.objects.filter(pk=row.address_id).update(problem="")
        finish(claim)


def _fail(claim: Claim[NoticeDelivery], *, problem: str, clock: Clock) -> None:
    with transaction.atomic():
        NoticeAddress.objects.filter(pk=claim.row.address_id).update(problem=problem[:500])
        _end(claim, status=S.FAILED, clock=clock)
