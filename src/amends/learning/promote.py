"""A person makes a candidate the live engine, or goes back to the shipped one; both can be undone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_teach, refuse_unless
from amends.cases.live import live_release
from amends.cases.models import ModelRelease, ReleaseStatus
from amends.cases.transitions import NotPossible
from amends.learning.models import Reassessment
from amends.learning.reassess import log_engine, start_reassessment
from amends_engine.classifier import EngineName

SHIPPED = 0  # stands for the shipped engine where the live release is named


def promote_release(
    release: ModelRelease,
    *,
    instead_of: int,
    shipped: EngineName | None,
    by: User,
    now: datetime,
) -> Reassessment:
    """Let a candidate, or an earlier release, judge from now on, and judge history anew.

    `instead_of` is the live release that the person saw (SHIPPED for none). Raises NotPossible when
    another one is live by now, or the head is not for the engine that is installed.
    """
    workspace = release.workspace
    refuse_unless(may_teach(by, workspace), _("change the live engine"))
    if instead_of == release.pk:
        raise NotPossible(_("This release is live already."))
    if shipped is None or (shipped.name, shipped.version) != (release.engine, release.base_version):
        raise NotPossible(
            _("This head was taught on another version of the engine. Train a new one.")
        )
    with transaction.atomic():
        _retire_live(workspace, instead_of=instead_of, by=by, now=now)
        changed = (
            ModelRelease.objects.filter(pk=release.pk)
            .exclude(status=ReleaseStatus.LIVE)
            .update(status=ReleaseStatus.LIVE, promoted_by=by, promoted_at=now)
        )
        if not changed:
            raise NotPossible(_("Somebody changed the live engine meanwhile. Look again."))
        log_engine(
            "engine.promote",
            workspace_id=workspace.pk,
            about=(release.version, str(release)),
            actor=actor_of(by),
            now=now,
        )
        return start_reassessment(workspace.pk, release=release, by=by, now=now)


def revert_to_shipped(
    workspace: Workspace, *, instead_of: int, by: User, now: datetime
) -> Reassessment:
    """Let the shipped engine judge again; the release is kept and can be promoted again.

    Raises NotPossible when another release is live than the person saw, or none.
    """
    refuse_unless(may_teach(by, workspace), _("change the live engine"))
    if instead_of == SHIPPED:
        raise NotPossible(_("The shipped engine is live already."))
    with transaction.atomic():
        retired = _retire_live(workspace, instead_of=instead_of, by=by, now=now)
        log_engine(
            "engine.revert",
            workspace_id=workspace.pk,
            about=(retired.version, str(retired)) if retired else ("", ""),
            actor=actor_of(by),
            now=now,
        )
        return start_reassessment(workspace.pk, release=None, by=by, now=now)


def _retire_live(
    workspace: Workspace, *, instead_of: int, by: User, now: datetime
) -> ModelRelease | None:
    """End the release that the person saw; whoever comes second finds another one and is told."""
    # The row of the workspace orders two people who promote at the same moment.
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    live = live_release(workspace.pk)
    if (live.pk if live else SHIPPED) != instead_of:
        raise NotPossible(_("Somebody changed the live engine meanwhile. Look again."))
    if live is not None:
        ModelRelease.objects.filter(pk=live.pk).update(
            status=ReleaseStatus.RETIRED, retired_by=by, retired_at=now
        )
    return live
