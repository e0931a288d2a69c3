"""Creates the first owner with a workspace and a brand, by a one-time link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Brand, Membership, Role, SetupLink, User, Workspace
from amends.accounts.permissions import forget_roles
from amends.accounts.tokens import hash_token, new_token
from amends.record.log import Subject, log_action

LIFETIME = timedelta(minutes=30)


class SetupRefused(Exception):
    """The link cannot be used; the message is for the person who opened it."""


@dataclass(frozen=True, slots=True)
class FirstOwner:
    """What the first page asks for; the password has passed the validators."""

    name: str
    email: str
    password: str
    workspace: str
    brand: str
    language: str = "en"
    time_zone: str = "UTC"


def has_owner() -> bool:
    """Whether somebody can already let others in."""
    return Membership.objects.filter(role=Role.OWNER, is_active=True, user__is_active=True).exists()


def create_setup_link(now: datetime) -> str:
    """Make the token of a new link, valid for 30 minutes; older ones end. It is told only here.

    Raises SetupRefused while there is an owner.
    """
    with transaction.atomic():
        if has_owner():
            raise SetupRefused(_("This desk has an owner already: ask them to invite you."))
        SetupLink.objects.filter(used_at__isnull=True).delete()
        token = new_token()
        SetupLink.objects.create(
            token_hash=hash_token(token), created_at=now, expires_at=now + LIFETIME
        )
    return token


def is_usable(token: str, *, now: datetime) -> bool:
    """Whether the link would still create an owner; looking does not use it up."""
    return _open_links(token, now=now).exists() and not has_owner()


def set_up_desk(first: FirstOwner, *, token: str, now: datetime) -> User:
    """Use the link up: make the person, the workspace and its brand.

    Raises SetupRefused, and changes nothing, when the link is unknown, used, too old, or too late.
    """
    with transaction.atomic():
        if not _open_links(token, now=now).update(used_at=now) or has_owner():
            raise SetupRefused(
                _("This link has been used or is too old. Start Amends again: it prints a new one.")
            )
        workspace = Workspace.objects.create(
            name=first.workspace, slug=free_slug(first.workspace), created_at=now
        )
        Brand.objects.create(
            workspace=workspace,
            name=first.brand,
            slug=slugify(first.brand)[:60] or "brand",
            time_zone=first.time_zone,
        )
        owner = User.objects.create_user(
            first.email,
            first.password,
            name=first.name,
            language=first.language,
            time_zone=first.time_zone,
        )
        Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER, created_at=now)
        forget_roles()
        log_action(
            "workspace.create",
            workspace_id=workspace.pk,
            actor=actor_of(owner),
            subject=Subject("workspace", workspace.slug, workspace.name),
            now=now,
            data={"brand": first.brand, "owner": owner.email},
        )
    return owner


def free_slug(name: str) -> str:
    """A short name for addresses that no workspace has yet."""
    base = slugify(name)[:50] or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)


def _open_links(token: str, *, now: datetime) -> models.QuerySet[SetupLink]:
    return SetupLink.objects.filter(
        token_hash=hash_token(token), used_at__isnull=True, expires_at__gt=now
    )
