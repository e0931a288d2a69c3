"""Tokens for programs: made and shown once, counted at each use, revoked; they act as their person.

A token never does more than its person may: the verbs ask for the person's role as always, the scopes
only narrow it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import ApiScope, ApiToken, User, Workspace
from amends.accounts.permissions import (
    may_draft,
    may_manage_webhooks,
    may_note,
    may_read,
    may_triage,
    refuse_unless,
)
from amends.accounts.tokens import hash_token, new_token
from amends.record.log import Subject, log_action

MARK = "amends_"  # so that scanners of leaked secrets, and people, know what they found
PREFIX_LENGTH = 12
MOST = 20
WINDOW = timedelta(minutes=1)
MAX_SECRET = 200

MAY_USE = MappingProxyType(
    {
        ApiScope.READ: may_read,
        ApiScope.NOTE: may_note,
        ApiScope.TRIAGE: may_triage,
        ApiScope.DRAFT: may_draft,
        ApiScope.INGEST: may_triage,
        ApiScope.WEBHOOKS: may_manage_webhooks,
    }
)
"""What the person of a token must be allowed, at each use, for each scope."""


class TokenRefused(Exception):
    """A token cannot be made like this; `field` names what is at fault, the message is for its maker."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Use:
    """The count of the minute that runs; `reset` is when the next one begins."""

    is_within: bool
    limit: int
    remaining: int
    reset: datetime


def scopes_for(user: User, workspace: Workspace) -> tuple[ApiScope, ...]:
    """The scopes that this person could use at all."""
    return tuple(scope for scope, may in MAY_USE.items() if may(user, workspace))


def make_token(
    user: User,
    *,
    workspace: Workspace,
    label: str,
    scopes: Collection[str],
    expires_at: datetime | None,
    now: datetime,
) -> tuple[ApiToken, str]:
    """The token and its secret, which is never shown again; raises TokenRefused."""
    refuse_unless(may_read(user, workspace), _("make tokens"))
    label = label.strip()[:80]
    wanted = [scope for scope in ApiScope.values if scope in set(scopes)]
    _check(user, workspace, label=label, scopes=wanted, expires_at=expires_at, now=now)
    secret = MARK + new_token()
    with transaction.atomic():
        token = ApiToken.objects.create(
            workspace=workspace,
            user=user,
            label=label,
            prefix=secret[:PREFIX_LENGTH],
            token_hash=hash_token(secret),
            scopes=wanted,
            created_at=now,
            expires_at=expires_at,
        )
        _log("token.make", token=token, by=user, now=now, data={"scopes": wanted})
    return token, secret


def revoke_token(user: User, *, workspace: Workspace, pk: int, now: datetime) -> bool:
    """End one's own token at once; False when there is none."""
    token = tokens_of(user, workspace=workspace).filter(pk=pk).first()
    if token is None:
        return False
    with transaction.atomic():
        rows = ApiToken.objects.filter(pk=pk, revoked_at__isnull=True)
        if rows.update(revoked_at=now):
            _log("token.revoke", token=token, by=user, now=now, data={})
    return True


def revoke_tokens_of(user: User, *, workspace: Workspace, now: datetime) -> int:
    """End all tokens of somebody who leaves, in the caller's transaction; returns how many."""
    rows = ApiToken.objects.filter(user=user, workspace=workspace, revoked_at__isnull=True)
    return rows.update(revoked_at=now)


def tokens_of(user: User, *, workspace: Workspace) -> QuerySet[ApiToken]:
    """A person's own tokens that were not revoked; nobody sees those of others."""
    rows = ApiToken.objects.filter(user=user, workspace=workspace, revoked_at__isnull=True)
    return rows.order_by("-created_at", "-pk")


def open_token(secret: str, *, now: datetime) -> ApiToken | None:
    """The token of a secret, None for one that is unknown, revoked, expired, or of somebody who left."""
    if not secret.startswith(MARK) or len(secret) > MAX_SECRET:
        return None
    rows = ApiToken.objects.filter(token_hash=hash_token(secret), revoked_at__isnull=True)
    token = rows.select_related("user", "workspace").first()
    if token is None or (token.expires_at is not None and token.expires_at <= now):
        return None
    return token if may_read(token.user, token.workspace) else None


def count_use(token: ApiToken, *, limit: int, now: datetime) -> Use:
    """Count a request; each is one conditional UPDATE, so that all web processes count together.

    The first request of a minute begins its count anew.
    """
    start = datetime.fromtimestamp(now.timestamp() // 60 * 60, tz=now.tzinfo)
    rows = ApiToken.objects.filter(pk=token.pk)
    is_older = Q(window_at__isnull=True) | Q(window_at__lt=start)
    begun = rows.filter(is_older).update(window_at=start, window_count=1, last_used_at=now)
    is_within = bool(begun) or bool(
        rows.filter(window_count__lt=limit).update(
            window_count=F("window_count") + 1, last_used_at=now
        )
    )
    count = rows.values_list("window_count", flat=True).get()
    return Use(is_within, limit, max(limit - count, 0) if is_within else 0, start + WINDOW)


def _check(
    user: User,
    workspace: Workspace,
    *,
    label: str,
    scopes: list[str],
    expires_at: datetime | None,
    now: datetime,
) -> None:
    if not label:
        raise TokenRefused(_("Give it a name by which you know it."), field="label")
    if not scopes:
        raise TokenRefused(_("Choose what it may do."), field="scopes")
    if not set(scopes) <= set(scopes_for(user, workspace)):
        raise TokenRefused(_("A token cannot do more than you may."), field="scopes")
    if expires_at is not None and expires_at <= now:
        raise TokenRefused(_("This time has passed."), field="expires")
    if tokens_of(user, workspace=workspace).count() >= MOST:
        raise TokenRefused(
            _("Twenty tokens are enough: revoke one that is no longer used."), field="label"
        )


def _log(action: str, *, token: ApiToken, by: User, now: datetime, data: dict[str, object]) -> None:
    log_action(
        action,
        workspace_id=token.workspace_id,
        actor=actor_of(by),
        subject=Subject("token", token.prefix, token.label),
        now=now,
        data=data,
    )
