"""The register of promises: what was said to be done, by whom, until when, and what became of it (K16).

A sentence of a reply that promises something must have its row here, or the linter stops it (Q05).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.authority import Answer, Deed, log_use, may_do
from amends.accounts.models import Act, User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.accounts.queries import people_who_may_work
from amends.cases.family import family_of
from amends.cases.models import Case
from amends.cases.transitions import NotPossible, log_on_case
from amends.core.money import Money
from amends.core.read_once import read_once
from amends.record.log import Subject
from amends.replies.models import Promise, PromiseStatus

WATCH_PROMISE = "watch_promise"
MAX_CHARS = 1_000
_CLOCK = re.compile(r"(?<![\d.:])([01]?\d|2[0-3])[.:]([0-5]\d)(?![\d.:]*\d)")
REMIND_AT = 0.8  # of the time that was given, as the clocks of a case warn


def make_promise(
    case: Case, *, text: str, owner: User | None, promised_for: datetime | None, by: User,
    now: datetime, money: Money | None = None,
) -> Promise:  # fmt: skip
    """Enter a promise; raises NotPossible without words, an owner who works here, or a time to come.

    `money` is what it costs us. Beyond the limit of who hands the reply over, its level rises (level.py).
    """
    refuse_unless(may_draft(by, case.workspace), _("make promises"))
    text = text.strip()
    answer = _may_promise(case, by=by, now=now)
    if not text or len(text) > MAX_CHARS:
        raise NotPossible(_("Say in a sentence or two what is promised."))
    if owner is None or not people_who_may_work(case.workspace).filter(pk=owner.pk).exists():
        raise NotPossible(_("Say who keeps the promise: a person who works here."))
    if promised_for is None or promised_for <= now:
        raise NotPossible(_("Say until when: a time that is still to come."))
    with transaction.atomic():
        promise = Promise.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            text=text,
            owner=owner,
            promised_for=promised_for,
            amount=money.amount if money else None,
            currency=money.currency if money else "",
            made_by=by,
            made_at=now,
            next_step=WATCH_PROMISE,
            due_at=now + (promised_for - now) * REMIND_AT,
        )
        about: dict[str, object] = {
            "owner": str(owner.pk),
            "name": str(owner),
            "for": promised_for.isoformat(),
            "amount": str(money) if money else None,
        }
        subject = Subject("case", case.public_id, case.public_id)
        log_use(answer, what=Act.PROMISE, by=by, workspace=case.workspace, about=subject, now=now)
        _log(promise, "promise.make", by=by, now=now, data=about)
    return promise


def _may_promise(case: Case, *, by: User, now: datetime) -> Answer:
    deed = Deed(act=Act.PROMISE, brand_id=case.brand_id, channel=case.comment.account.kind)
    answer = may_do(by, case.workspace, deed=deed, now=now)
    if not answer.is_allowed:
        raise NotPossible(_("Your authority does not cover promises: let a colleague make it."))
    return answer


def settle_promise(
    promise: Promise, *, is_kept: bool, is_told: bool, by: User, now: datetime
) -> None:
    """Say whether it was kept, and whether the customer heard of it; raises NotPossible the second time."""
    refuse_unless(may_draft(by, promise.workspace), _("settle promises"))
    status = PromiseStatus.KEPT if is_kept else PromiseStatus.BROKEN
    with transaction.atomic():
        settled = Promise.objects.filter(pk=promise.pk, status=PromiseStatus.OPEN).update(
            status=status,
            settled_by=by,
            settled_at=now,
            told_at=now if is_told else None,
            next_step="",
            due_at=None,
            lease_token="",
        )
        if not settled:
            raise NotPossible(_("What became of this promise is known already."))
        action = "promise.keep" if is_kept else "promise.break"
        _log(promise, action, by=by, now=now, data={"is_told": is_told})
    promise.refresh_from_db()


def time_named(sentence: str, *, case: Case, now: datetime) -> datetime | None:
    """The next moment with the clock time that a sentence names, where the brand is; None without one."""
    named = _CLOCK.search(sentence)
    if named is None:
        return None
    local = now.astimezone(ZoneInfo(case.brand.time_zone))
    moment = local.replace(hour=int(named[1]), minute=int(named[2]), second=0, microsecond=0)
    return moment if moment > local else moment + timedelta(days=1)


@read_once
def promises_of(case: Case) -> list[Promise]:
    """All promises of a case and of what was merged into it: open ones first, the most urgent before."""
    found = Promise.objects.filter(case__in=family_of(case)).select_related("owner", "settled_by")
    rows = list(found.order_by("promised_for", "pk"))
    return sorted(rows, key=lambda one: one.status != PromiseStatus.OPEN)


def is_soon(promise: Promise, *, now: datetime) -> bool:
    given = promise.promised_for - promise.made_at
    return timedelta(0) < promise.promised_for - now <= given * (1 - REMIND_AT)


def _log(
    promise: Promise, action: str, *, by: User, now: datetime, data: dict[str, object]
) -> None:
    about = {"promise": promise.pk, **data}
    log_on_case(promise.case, action, actor=actor_of(by), now=now, data=about)
