"""Step 2 for a burst: what many raw events say, captured in some twenty statements (`capture_many.py`).

Only the plain case is done here: a comment that nobody knew, heard once, said to us or by us. Edits,
deletions, context, what is heard twice in a batch and what cannot be read go through `capture`, one by one,
which knows all cases; so does everything when another worker was faster. Both write the same rows (a test
compares them).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from amends.connectors.kit.events import EventKind, InboundComment, InboundEvent
from amends.core.clock import Clock
from amends.inbox.capture_many import capture_many
from amends.inbox.listen import payload_of
from amends.inbox.models import ChannelAccount, Comment, RawEvent
from amends.inbox.wire import Unreadable, event_from_json
from amends.work.claim import Claim, LeaseLost, finish_all


@dataclass(frozen=True, slots=True)
class Heard:
    """A claimed event of a comment that is not known yet."""

    claim: Claim[RawEvent]
    event: InboundEvent
    found: InboundComment


def capture_batch(claims: Sequence[Claim[RawEvent]], *, clock: Clock) -> list[Claim[RawEvent]]:
    """Capture what is plain; returns the claims that `capture` must do, untouched."""
    prefetch_related_objects([claim.row for claim in claims], "content", "account")
    plain, rest = _sort(claims)
    groups: defaultdict[int, list[Heard]] = defaultdict(list)
    for one in plain:
        groups[one.claim.row.account_id].append(one)
    for account_id, heard in groups.items():
        known = _known(heard, account=heard[0].claim.row.account)
        fresh = [one for one in heard if one.found.external_id not in known]
        rest += [one.claim for one in heard if one.found.external_id in known]
        try:
            with transaction.atomic():
                capture_many(
                    [one.event for one in fresh],
                    account=heard[0].claim.row.account,
                    now=clock.now(),
                )
                finish_all([one.claim for one in fresh])
        except (IntegrityError, LeaseLost):  # another worker wrote one of them: look at each
            rest += [one.claim for one in groups[account_id] if one in fresh]
    return rest


def _sort(
    claims: Sequence[Claim[RawEvent]],
) -> tuple[list[Heard], list[Claim[RawEvent]]]:
    """The plain ones, each comment once, and the others."""
    plain: list[Heard] = []
    rest: list[Claim[RawEvent]] = []
    seen: set[tuple[int, str]] = set()
    for claim in claims:
        name = (claim.row.account_id, claim.row.external_id)
        heard = None if name in seen else _heard(claim)
        seen.add(name)
        if heard is None:
            rest.append(claim)
        else:
            plain.append(heard)
    return plain, rest


def _heard(claim: Claim[RawEvent]) -> Heard | None:
    try:
        payload = payload_of(claim.row)
        event = event_from_json(payload)
    except (Unreadable, ValueError):
        return None
    found = event.comment
    is_plain = found is not None and event.kind is EventKind.CREATED
    if found is None or not is_plain or payload.get("is_context"):
        return None
    return Heard(claim, event, found)


def _known(heard: Iterable[Heard], *, account: ChannelAccount) -> set[str]:
    """What there is a comment of, or a deletion that was heard before it."""
    names = [one.found.external_id for one in heard]
    place = {"workspace_id": account.workspace_id, "kind": account.kind, "host": account.host}
    comments = Comment.objects.filter(**place, external_id__in=names)
    gone = RawEvent.objects.filter(account=account, external_id__in=names, kind=EventKind.DELETED)
    return {
        *comments.values_list("external_id", flat=True),
        *gone.values_list("external_id", flat=True),
    }
