"""Grants an authority and ends it; appoints a deputy and ends that: logged, and nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.authority import PERMANENT, Allowance, allowances_of
from amends.accounts.models import Act, Authority, Brand, Deputy, Role, User, Workspace
from amends.accounts.permissions import may_approve, may_delegate, refuse_unless, role_of
from amends.core.money import Money
from amends.record.log import Subject, log_action

ROLES = (
    Role.LEAD,
    Role.AGENT,
)  # owners reach as far as there is; counsel and viewers act alone in nothing


class GrantRefused(Exception):
    """What was asked for cannot be granted; the message is for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What is granted to a person, or laid down for a role."""

    act: Act
    person: User | None = None
    role: str = ""
    money: Money | None = None
    days: int | None = None
    languages: tuple[str, ...] = ()
    brand: Brand | None = None
    channels: tuple[str, ...] = ()
    is_only: bool = False
    valid_until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who stands in for whom, and how long."""

    person: User
    deputy: User
    valid_until: datetime
    is_away: bool = False
    reason: str = ""
    valid_from: datetime | None = field(default=None)


def grant_authority(workspace: Workspace, *, grant: Grant, by: User, now: datetime) -> Authority:
    """Grant it from now on; raises GrantRefused for what nobody has to give, or would not be understood."""
    refuse_unless(may_delegate(by, workspace), _("grant authority"))
    _check(grant, workspace=workspace, by=by, now=now)
    with transaction.atomic():
        row = Authority.objects.create(
            workspace=workspace,
            person=grant.person,
            role="" if grant.person else grant.role,
            act=grant.act,
            amount=grant.money.amount if grant.money else None,
            currency=grant.money.currency if grant.money else "",
            days=grant.days,
            languages=list(grant.languages),
            brand=grant.brand,
            channels=list(grant.channels),
            is_only=grant.is_only and grant.person is not None,
            valid_from=now,
            valid_until=grant.valid_until,
            reason=grant.reason.strip()[:500],
            granted_by=by,
            granted_at=now,
        )
        about = {
            "act": row.act,
            "to": str(grant.person or grant.role),
            "amount": str(grant.money) if grant.money else None,
            "days": row.days,
            "languages": row.languages,
            "until": row.valid_until.isoformat() if row.valid_until else None,
            "is_only": row.is_only,
            "reason": row.reason,
        }
        _log("authority.grant", row, by=by, now=now, data=about)
    return row


def end_authority(authority: Authority, *, by: User, now: datetime) -> None:
    """End it at once; raises GrantRefused the second time, and for a role where one is no owner."""
    workspace = authority.workspace
    refuse_unless(may_delegate(by, workspace), _("end authority"))
    if not authority.person_id and role_of(by, workspace) != Role.OWNER:
        raise GrantRefused(_("What a role may is for an owner to say."))
    if authority.is_only and authority.person_id == by.pk:
        raise GrantRefused(_("Nobody lifts a limit of their own: ask a colleague."))
    with transaction.atomic():
        ended = Authority.objects.filter(pk=authority.pk, ended_at__isnull=True)
        if not ended.update(ended_at=now, ended_by=by):
            raise GrantRefused(_("This has ended already."))
        _log("authority.end", authority, by=by, now=now, data={"act": authority.act})


def appoint_deputy(workspace: Workspace, *, standing: Standing, by: User, now: datetime) -> Deputy:
    """Let somebody stand in for a person; raises GrantRefused where that would lift oneself up."""
    refuse_unless(may_delegate(by, workspace), _("appoint deputies"))
    start = standing.valid_from or now
    for_role = role_of(standing.person, workspace)
    if standing.person == standing.deputy:
        raise GrantRefused(_("Nobody stands in for themselves: choose two persons."))
    if for_role is None or not may_approve(standing.deputy, workspace):
        raise GrantRefused(_("A deputy must be a member who may approve replies."))
    if for_role == Role.OWNER and by != standing.person and role_of(by, workspace) != Role.OWNER:
        raise GrantRefused(_("Who stands in for an owner is for an owner to say."))
    if not standing.reason.strip():
        raise GrantRefused(_("Say why: the record is read later by others."))
    if standing.valid_until <= max(start, now):
        raise GrantRefused(_("Say until when: a time that is still to come."))
    with transaction.atomic():
        row = Deputy.objects.create(
            workspace=workspace,
            person=standing.person,
            deputy=standing.deputy,
            is_away=standing.is_away,
            valid_from=start,
            valid_until=standing.valid_until,
            reason=standing.reason.strip()[:500],
            appointed_by=by,
            appointed_at=now,
        )
        about = {
            "for": str(row.person),
            "until": row.valid_until.isoformat(),
            "is_away": row.is_away,
            "reason": row.reason,
        }
        _log("deputy.appoint", row, by=by, now=now, data=about)
    return row


def end_deputy(deputy: Deputy, *, by: User, now: datetime) -> None:
    """End it at once; raises GrantRefused the second time."""
    refuse_unless(may_delegate(by, deputy.workspace), _("end the standing in of a deputy"))
    with transaction.atomic():
        ended = Deputy.objects.filter(pk=deputy.pk, ended_at__isnull=True)
        if not ended.update(ended_at=now, ended_by=by):
            raise GrantRefused(_("This has ended already."))
        _log("deputy.end", deputy, by=by, now=now, data={"for": str(deputy.person)})


def _check(grant: Grant, *, workspace: Workspace, by: User, now: datetime) -> None:
    if not grant.reason.strip():
        raise GrantRefused(_("Say why: the record is read later by others."))
    if grant.valid_until is not None and grant.valid_until <= now:
        raise GrantRefused(_("Say until when: a time that is still to come."))
    if grant.person is None:
        if grant.role not in ROLES:
            raise GrantRefused(_("Choose a person, or the role of leads or agents."))
        if role_of(by, workspace) != Role.OWNER:
            raise GrantRefused(_("What a role may is for an owner to say."))
    elif grant.person == by:
        raise GrantRefused(_("Nobody grants anything to themselves: ask a colleague."))
    elif role_of(grant.person, workspace) in {None, Role.VIEWER}:
        raise GrantRefused(_("This person works on nothing here: give them another role first."))
    elif role_of(grant.person, workspace) == Role.OWNER:
        raise GrantRefused(_("An owner reaches as far as there is: there is nothing to grant."))
    if grant.money is not None and grant.act not in {Act.COMPENSATE, Act.PROMISE}:
        raise GrantRefused(
            _("An amount says nothing here: only promises and compensation have one.")
        )
    if not grant.is_only and not _has_it(grant, workspace=workspace, by=by, now=now):
        raise GrantRefused(
            _("Nobody gives what they do not have: this reaches beyond your own authority.")
        )


def _has_it(grant: Grant, *, workspace: Workspace, by: User, now: datetime) -> bool:
    """Whether who grants it reaches at least as far by themselves."""
    own = allowances_of(by, workspace, act=grant.act, now=now)
    days = 0
    if grant.act == Act.BAN:
        days = PERMANENT if grant.days is None else grant.days
    return any(_reaches(one, grant=grant, days=days) for one in own)


def _reaches(own: Allowance, *, grant: Grant, days: int) -> bool:
    """Whether an allowance covers everything that a grant would let through."""
    if own.limits is not None:
        limit = own.limits.get(grant.money.currency) if grant.money else None
        if limit is None or grant.money is None or grant.money.amount > limit:
            return False
    if own.days is not None and days > own.days:
        return False
    if own.languages and not (grant.languages and set(grant.languages) <= own.languages):
        return False
    if own.brand_id is not None and (grant.brand is None or grant.brand.pk != own.brand_id):
        return False
    return not own.channels or (bool(grant.channels) and set(grant.channels) <= own.channels)


def _log(
    action: str, row: Authority | Deputy, *, by: User, now: datetime, data: dict[str, object]
) -> None:
    if isinstance(row, Authority):
        subject = Subject("authority", str(row.pk), str(row.person or row.role))
    else:
        subject = Subject("deputy", str(row.pk), str(row.deputy))
    log_action(
        action,
        workspace_id=row.workspace_id,
        actor=actor_of(by),
        subject=subject,
        now=now,
        data=data,
    )
