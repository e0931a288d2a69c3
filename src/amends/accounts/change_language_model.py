"""Says which language model may draft: its address, its name, its key, on or off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.credentials import seal, unseal
from amends.accounts.models import LanguageModelAccess, User, Workspace
from amends.accounts.permissions import may_manage_language_model, refuse_unless
from amends.record.log import Subject, log_action


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The access as it is typed; `key` None keeps the one that is stored, empty takes it away."""

    url: str
    model: str
    key: str | None = None
    is_on: bool = False


def language_model_of(workspace: Workspace) -> LanguageModelAccess | None:
    """The access, whether on or off; None where nobody entered one."""
    return LanguageModelAccess.objects.filter(workspace=workspace).first()


def key_of(access: LanguageModelAccess) -> str:
    """The key in plain; raises SealBroken when the key file does not fit."""
    return unseal(access.sealed_key).get("key", "")


def change_language_model(
    workspace: Workspace, *, wanted: Wanted, by: User, now: datetime
) -> LanguageModelAccess:
    """Store the access; the log names host and model, never the key."""
    refuse_unless(may_manage_language_model(by, workspace), _("choose a language model"))
    values = {
        "url": wanted.url.strip(),
        "model": wanted.model.strip(),
        "is_on": wanted.is_on,
        "changed_by": by,
        "changed_at": now,
    }
    if wanted.key is not None:
        values["sealed_key"] = seal({"key": wanted.key.strip()}) if wanted.key.strip() else b""
    with transaction.atomic():
        access, _made = LanguageModelAccess.objects.update_or_create(
            workspace=workspace, defaults=values
        )
        log_action(
            "language_model.change",
            workspace_id=workspace.pk,
            actor=actor_of(by),
            subject=Subject("workspace", str(workspace.pk), str(workspace)),
            now=now,
            data={
                "host": access.host,
                "model": access.model,
                "is_on": access.is_on,
            },
        )
    return access
