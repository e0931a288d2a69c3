"""Drafts and publishes the texts by which a workspace works; who calls has checked what stands in them.

The playbook is checked by `core.playbook`, the policy by `core.policy`, in the verbs that publish them;
here it is only kept: every version for ever, one draft beside it, nobody's change lost.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Brand, TextDraft, TextKind, TextVersion, User, Workspace
from amends.core.read_once import read_once
from amends.record.log import Subject, log_action


class TextConflict(Exception):
    """Somebody else saved or published in the meantime; the message is for the person."""


def text_versions(
    workspace: Workspace, *, kind: TextKind, brand: Brand | None = None
) -> QuerySet[TextVersion]:
    """All published versions, the newest first."""
    return TextVersion.objects.filter(workspace=workspace, kind=kind, brand=brand).order_by(
        "-number"
    )


@read_once
def text_in_force(
    workspace: Workspace,
    *,
    kind: TextKind,
    brand: Brand | None = None,
    at: datetime | None = None,
) -> TextVersion | None:
    """The version in force now, or at a moment; None before the first one."""
    versions = text_versions(workspace, kind=kind, brand=brand)
    return (versions.filter(published_at__lte=at) if at else versions).first()


def draft_of(
    workspace: Workspace, *, kind: TextKind, brand: Brand | None = None
) -> TextDraft | None:
    return TextDraft.objects.filter(workspace=workspace, kind=kind, brand=brand).first()


def save_text_draft(
    workspace: Workspace,
    *,
    kind: TextKind,
    text: str,
    revision: int,
    by: User,
    now: datetime,
    brand: Brand | None = None,
) -> TextDraft:
    """Keep a draft; `revision` is the one that was shown, 0 for none.

    Raises TextConflict when somebody saved another one since.
    """
    current = text_in_force(workspace, kind=kind, brand=brand)
    with transaction.atomic():
        draft, is_new = TextDraft.objects.get_or_create(
            workspace=workspace,
            kind=kind,
            brand=brand,
            defaults={
                "text": text,
                "based_on": current.number if current else 0,
                "changed_by": by,
                "changed_at": now,
            },
        )
        if not is_new:
            saved = TextDraft.objects.filter(pk=draft.pk, revision=revision).update(
                text=text, revision=F("revision") + 1, changed_by=by, changed_at=now
            )
            if not saved:
                raise TextConflict(_("Somebody else changed this draft in the meantime."))
            draft.refresh_from_db()
    return draft


def discard_text_draft(workspace: Workspace, *, kind: TextKind, brand: Brand | None = None) -> None:
    TextDraft.objects.filter(workspace=workspace, kind=kind, brand=brand).delete()


def publish_text(
    workspace: Workspace,
    *,
    kind: TextKind,
    text: str,
    after: int,
    by: User | None,
    now: datetime,
    brand: Brand | None = None,
    note: str = "",
) -> TextVersion:
    """Put a text in force; `after` is the number of the version that its writer saw (0: none).

    Raises TextConflict when another version was published since. The draft ends with it.
    """
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        current = text_in_force(workspace, kind=kind, brand=brand)
        if (current.number if current else 0) != after:
            raise TextConflict(
                _("Another version was published in the meantime: look at it first.")
            )
        version = TextVersion.objects.create(
            workspace=workspace,
            brand=brand,
            kind=kind,
            number=after + 1,
            text=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            note=note,
            published_by=by,
            published_at=now,
        )
        discard_text_draft(workspace, kind=kind, brand=brand)
        if by is not None:
            name = f"{kind.value} {version.number}"
            log_action(
                f"{kind.value}.publish",
                workspace_id=workspace.pk,
                actor=actor_of(by),
                subject=Subject("text", f"{kind.value}-{version.pk}", name),
                now=now,
                data={"number": version.number, "digest": version.digest, "note": note},
            )
    return version
