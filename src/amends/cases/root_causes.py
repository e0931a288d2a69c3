"""What lay behind a matter: a shipped list that a workspace extends with its own words."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_triage, refuse_unless
from amends.cases.models import RootCause
from amends.cases.transitions import NotPossible
from amends.record.log import Subject, log_action

MAX_CHARS = 80
MOST_OWN = 100  # a list that nobody can survey helps nobody


class Cause(StrEnum):
    """The shipped root causes (S0.4, S1.2)."""

    LATE = "late"
    LOST = "lost"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    DEFECT = "defect"
    OUT_OF_STOCK = "out_of_stock"
    PRICE = "price"
    REFUND = "refund"
    WEBSITE = "website"
    UNREACHABLE = "unreachable"
    STAFF = "staff"
    UNCLEAR_WORDS = "unclear_words"
    TERMS = "terms"
    PARTNER = "partner"
    EXPECTATION = "expectation"
    DATA_LEAK = "data_leak"


def check_root_cause(code: str, *, workspace_id: int) -> None:
    """Raise NotPossible for a code that is neither shipped nor of this workspace; empty is fine."""
    if code in {"", *Cause}:
        return
    if not own_root_cause(code, workspace_id=workspace_id):
        raise NotPossible(_("There is no such root cause: choose one of the list."))


def own_root_cause(code: str, *, workspace_id: int) -> RootCause | None:
    """The workspace's own root cause behind a code."""
    raw = code.removeprefix("own-")
    if raw == code or not raw.isdecimal() or len(raw) > 18:
        return None
    return RootCause.objects.filter(workspace_id=workspace_id, pk=int(raw)).first()


def own_root_causes(workspace_id: int) -> list[RootCause]:
    """The workspace's own ones, by name."""
    return list(RootCause.objects.filter(workspace_id=workspace_id).order_by("name", "pk"))


def add_root_cause(workspace: Workspace, *, name: str, by: User, now: datetime) -> RootCause:
    """Extend the list; a name that is there already is given back. Raises NotPossible."""
    refuse_unless(may_triage(by, workspace), _("add root causes"))
    name = " ".join(name.split())
    if not name or len(name) > MAX_CHARS:
        raise NotPossible(
            _("Name the root cause in at most %(count)d characters.") % {"count": MAX_CHARS}
        )
    known = RootCause.objects.filter(workspace=workspace)
    if known.count() >= MOST_OWN and not known.filter(key=name.casefold()[:MAX_CHARS]).exists():
        raise NotPossible(
            _("There are %(count)d root causes of your own already: choose one of them.")
            % {"count": MOST_OWN}
        )
    with transaction.atomic():
        cause, is_new = RootCause.objects.get_or_create(
            workspace=workspace,
            key=name.casefold()[:MAX_CHARS],
            defaults={"name": name, "added_by": by, "added_at": now},
        )
        if is_new:
            log_action(
                "triage.add_root_cause",
                workspace_id=workspace.pk,
                actor=actor_of(by),
                subject=Subject("root_cause", cause.code, cause.name),
                now=now,
            )
    return cause
