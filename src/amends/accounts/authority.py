"""May this person do this, up to that, in this language? Yes or no, why, and what the answer rests on.

Roles are the door (permissions.py); authority narrows what a role lets through. The most particular word
counts: what was granted to the person comes beside what was laid down for the role, which stands in place
of the default in code. A deputy acts in the name of the person they stand in for (K12, S1.13, C8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from amends.accounts.actors import actor_of
from amends.accounts.authority_defaults import DEFAULTS
from amends.accounts.models import Act, Authority, Deputy, Role, User, Workspace
from amends.accounts.permissions import role_of
from amends.core.money import Money
from amends.record.log import Subject, log_action

PERMANENT = 36_500  # days: a ban without an end, as one asks for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody is about to do; what is left out is not asked about."""

    act: Act
    money: Money | None = None
    days: int = 0
    language: str = ""
    brand_id: int | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How far somebody reaches; None and empty are no limit. `grant` is the row, None for a default."""

    act: Act
    limits: Mapping[str, Decimal] | None = None
    days: int | None = None
    languages: frozenset[str] = frozenset()
    brand_id: int | None = None
    channels: frozenset[str] = frozenset()
    grant: Authority | None = None

    def obstacle(self, deed: Deed) -> str:
        """What stands against it: amount, currency, days, language, brand, channel; empty for nothing."""
        money = deed.money
        if money is not None and self.limits is not None:
            limit = self.limits.get(money.currency)
            if limit is None or money.amount > limit:
                return "currency" if limit is None else "amount"
        if self.days is not None and deed.days > self.days:
            return "days"
        language = deed.language.partition("-")[0]
        if self.languages and language not in self.languages:
            return "language"
        if self.brand_id is not None and deed.brand_id != self.brand_id:
            return "brand"
        return "channel" if self.channels and deed.channel not in self.channels else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no. `why` is a code: default, role, grant, or what stands against it (none, amount …).

    `in_name_of` is the person for whom a deputy acts.
    """

    is_allowed: bool
    why: str
    grant: Authority | None = None
    in_name_of: User | None = None

    @property
    def is_delegated(self) -> bool:
        """Whether it rests on more than a role, so that its use is logged."""
        is_personal = self.grant is not None and self.grant.person_id is not None
        return self.is_allowed and (is_personal or self.in_name_of is not None)


def judge(deed: Deed, allowances: Iterable[Allowance]) -> Answer:
    """The first allowance that covers the deed; without one, what stood against the last."""
    why = "none"
    for allowance in allowances:
        if allowance.act != deed.act:
            continue
        why = allowance.obstacle(deed)
        if not why:
            grant = allowance.grant
            source = "default" if grant is None else ("grant" if grant.person_id else "role")
            return Answer(is_allowed=True, why=source, grant=grant)
    return Answer(is_allowed=False, why=why)


def may_do(
    user: User, workspace: Workspace, *, deed: Deed, now: datetime, is_late: bool = False
) -> Answer:
    """Ask for a person; `is_late` is true where an approval has waited too long (deputies then act)."""
    role = role_of(user, workspace)
    if role is None or role == Role.VIEWER:
        return Answer(is_allowed=False, why="role")
    answer = judge(deed, allowances_of(user, workspace, act=deed.act, now=now))
    if answer.is_allowed:
        return answer
    for standing in deputies_in_force(workspace, now=now).filter(deputy=user):
        if standing.is_away or is_late:
            theirs = judge(deed, allowances_of(standing.person, workspace, act=deed.act, now=now))
            if theirs.is_allowed:
                return replace(theirs, in_name_of=standing.person)
    return answer


def allowances_of(
    user: User, workspace: Workspace, *, act: Act, now: datetime
) -> tuple[Allowance, ...]:
    """How far a person reaches by themselves, role first; nothing for somebody who is no member."""
    role = role_of(user, workspace)
    if role is None:
        return ()
    rows = list(authorities_in_force(workspace, now=now).filter(_of(user, role), act=act))
    own = [row for row in rows if row.person_id]
    if any(row.is_only for row in own):
        return tuple(_allowance(row) for row in own if row.is_only)
    laid_down = [_allowance(row) for row in rows if not row.person_id]
    if not laid_down and (role, act) in DEFAULTS:
        default = DEFAULTS[role, act]
        laid_down = [Allowance(act=act, limits=default.limits, days=default.days)]
    return (*laid_down, *(_allowance(row) for row in own))


def authorities_in_force(workspace: Workspace, *, now: datetime) -> QuerySet[Authority]:
    """The grants that count at a moment."""
    return (
        Authority.objects.filter(workspace=workspace, ended_at__isnull=True, valid_from__lte=now)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now))
        .select_related("person", "brand", "granted_by")
        .order_by("pk")
    )


def deputies_in_force(workspace: Workspace, *, now: datetime) -> QuerySet[Deputy]:
    """Who stands in for whom at a moment."""
    return (
        Deputy.objects.filter(
            workspace=workspace, ended_at__isnull=True, valid_from__lte=now, valid_until__gt=now
        )
        .select_related("person", "deputy", "appointed_by")
        .order_by("pk")
    )


def log_use(
    answer: Answer, *, what: str, by: User, workspace: Workspace, about: Subject, now: datetime
) -> None:
    """Log the use of what was delegated; what a role may by itself is not. In the caller's transaction.

    `what` is an act, or `approve`, with its amount where it has one.
    """
    if not answer.is_delegated:
        return
    name = answer.in_name_of
    log_action(
        "authority.use",
        workspace_id=workspace.pk,
        actor=actor_of(by),
        subject=about,
        now=now,
        data={
            "act": what,
            "authority": answer.grant.pk if answer.grant else None,
            "in_name_of": str(name) if name else None,
        },
    )


def _of(user: User, role: Role) -> Q:
    return Q(person=user) | Q(person__isnull=True, role=role)


def _allowance(row: Authority) -> Allowance:
    return Allowance(
        act=Act(row.act),
        limits=None if row.amount is None else {row.currency: row.amount},
        days=row.days,
        languages=frozenset(row.languages),
        brand_id=row.brand_id,
        channels=frozenset(row.channels),
        grant=row,
    )
