"""Turns what was recorded into deliveries, in the order of the record; nothing is lost in a crash.

The chain of the log is the outbox: its positions have no gaps, and only what is committed has one. The
place that was read to moves in the transaction that makes the deliveries. What is heard (versions) has no
chain; there the last ones are looked at again each time, and the unique key keeps each event single.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from amends.hooks.events import COMMENT_EVENTS, events_of, facts_of
from amends.hooks.models import (
    HookStatus,
    OutboxPlace,
    TellingStatus,
    WebhookDelivery,
    WebhookSubscription,
)
from amends.hooks.queries import KEPT
from amends.hooks.subscribe import DELIVER, new_public_id
from amends.inbox.models import Version
from amends.record.models import ActionLog, LogLink

BATCH = 500
LOOK_BACK = (
    10_000  # versions become visible out of the order of their keys, but hardly ever by more
)
RECENT = timedelta(minutes=10)
PRUNE_AFTER = timedelta(
    hours=1
)  # what may be looked at again must stay, so that it is not made anew

Hooks = Sequence[WebhookSubscription]


def gather_events(*, now: datetime) -> int:
    """Make the deliveries of what is new; returns how many. For the clock, every few seconds."""
    active = WebhookSubscription.objects.filter(status=HookStatus.ACTIVE).order_by("pk")
    hooks = list(active.select_related("workspace"))
    made = 0
    while (read := _read_log(hooks, now=now)) is not None:
        made += read
    made += _read_versions([one for one in hooks if set(COMMENT_EVENTS) & set(one.events)], now=now)
    return made


def prune_deliveries(*, now: datetime) -> int:
    """Forget finished deliveries beyond the last fifty of each subscription. For the clock."""
    pruned = 0
    for hook in WebhookSubscription.objects.exclude(status=HookStatus.ENDED):
        rows = hook.deliveries.order_by("-pk")
        oldest = rows.values_list("pk", flat=True)[KEPT - 1 : KEPT].first()
        if oldest is None:
            continue
        old = hook.deliveries.filter(pk__lt=oldest, created_at__lt=now - PRUNE_AFTER)
        pruned += old.exclude(status=TellingStatus.WAITING).delete()[0]
    return pruned


def _read_log(hooks: Hooks, *, now: datetime) -> int | None:
    """One stretch of the chain; None where there is nothing more, or another process is at it."""
    place, _is_new = OutboxPlace.objects.get_or_create(
        name="log", defaults={"position": _end_of_chain()}
    )
    links = list(
        LogLink.objects.filter(position__gt=place.position)
        .order_by("position")
        .values_list("position", "entry_id")[:BATCH]
    )
    if not links:
        return None
    wanted = [entry for _position, entry in links] if hooks else []
    entries = ActionLog.objects.in_bulk(wanted)
    rows = [
        row
        for _position, entry in links
        if entry in entries
        for row in _rows_of(entries[entry], hooks=hooks, now=now)
    ]
    with transaction.atomic():
        read = OutboxPlace.objects.filter(pk=place.pk, position=place.position)
        if not read.update(position=links[-1][0]):
            return None
        WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _rows_of(entry: ActionLog, *, hooks: Hooks, now: datetime) -> list[WebhookDelivery]:
    data = entry.data if isinstance(entry.data, dict) else {}
    events = events_of(entry.action, data) if entry.subject_kind == "case" else ()
    return [
        _delivery(
            hook,
            event=event,
            key=f"log:{entry.pk}",
            about=("case", entry.subject_id),
            facts=facts_of(entry.action, data),
            occurred_at=entry.at,
            now=now,
        )
        for event in events
        for hook in hooks
        if hook.workspace_id == entry.workspace_id
        and event in hook.events
        and entry.at >= hook.heard_from
    ]


def _read_versions(hooks: Hooks, *, now: datetime) -> int:
    """What was heard of comments and is not told yet; history and our own words are left out."""
    return sum(_read_for(hook, now=now) for hook in hooks)


def _read_for(hook: WebhookSubscription, *, now: datetime) -> int:
    """Stretch by stretch from where this subscription stands; before it only what became visible late."""
    place, _is_new = OutboxPlace.objects.get_or_create(
        name=f"versions:{hook.pk}",
        defaults={"position": Version.objects.aggregate(last=Max("pk"))["last"] or 0},
    )
    late = _wanted(hook).filter(
        pk__gt=place.position - LOOK_BACK, pk__lte=place.position, captured_at__gte=now - RECENT
    )
    made = _tell(hook, list(late[:BATCH]), now=now)
    position = place.position
    while stretch := list(_wanted(hook).filter(pk__gt=position)[:BATCH]):
        with transaction.atomic():
            standing = OutboxPlace.objects.filter(pk=place.pk, position=position)
            position = stretch[-1].pk
            if not standing.update(position=position):
                return made  # another process is at it
            made += _tell(hook, stretch, now=now)
    return made


def _wanted(hook: WebhookSubscription) -> QuerySet[Version]:
    """Versions of which this subscription wants to hear and was not told, the oldest first."""
    known = WebhookDelivery.objects.filter(
        subscription=hook, subject_kind="comment", subject_id=OuterRef("version_name")
    )
    kinds = Q(pk__in=[])
    if "comment.deleted" in hook.events:
        kinds |= Q(is_tombstone=True)
    if "comment.edited" in hook.events:
        kinds |= Q(is_tombstone=False, is_later=True)
    if "comment.created" in hook.events:
        kinds |= Q(is_tombstone=False, is_later=False)
    found: QuerySet[Version] = (
        Version.objects.filter(
            workspace_id=hook.workspace_id,
            captured_at__gte=hook.heard_from,
            comment__is_ours=False,
            comment__is_context=False,
            comment__is_history=False,
        )
        .annotate(version_name=_as_text(), is_later=Exists(_earlier()))
        .filter(kinds)
        .exclude(Exists(known))
        .order_by("pk")
    )
    return found


def _tell(hook: WebhookSubscription, versions: Sequence[Version], *, now: datetime) -> int:
    rows = [
        _delivery(
            hook,
            event=_event_of(version),
            key=f"version:{version.pk}",
            about=("comment", str(version.pk)),
            facts={},
            occurred_at=version.occurred_at,
            now=now,
        )
        for version in versions
    ]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _event_of(version: Version) -> str:
    if version.is_tombstone:
        return "comment.deleted"
    is_later: bool = version.is_later  # type: ignore[attr-defined]
    return "comment.edited" if is_later else "comment.created"


def _earlier() -> QuerySet[Version]:
    return Version.objects.filter(comment=OuterRef("comment"), pk__lt=OuterRef("pk"))


def _as_text() -> Cast:
    return Cast("pk", CharField())


def _delivery(
    hook: WebhookSubscription,
    *,
    event: str,
    key: str,
    about: tuple[str, str],
    facts: dict[str, object],
    occurred_at: datetime,
    now: datetime,
) -> WebhookDelivery:
    return WebhookDelivery(
        workspace_id=hook.workspace_id,
        subscription=hook,
        public_id=new_public_id(),
        event=event,
        key=key,
        subject_kind=about[0],
        subject_id=about[1],
        facts=facts,
        occurred_at=occurred_at,
        created_at=now,
        next_step=DELIVER,
        due_at=now,
    )


def _end_of_chain() -> int:
    return LogLink.objects.aggregate(last=Max("position"))["last"] or 0
