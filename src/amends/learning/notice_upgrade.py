"""Notices that history was judged by another engine than the one in use, and has it judged anew."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from amends.accounts.models import Workspace
from amends.cases.live import live_release
from amends.cases.models import Verdict
from amends.learning.models import OPEN_REASSESSMENTS, Reassessment
from amends.learning.reassess import start_reassessment
from amends_engine.classifier import EngineName


def notice_upgrade(*, shipped: EngineName | None, now: datetime) -> int:
    """Start a re-assessment where the engine was upgraded; returns in how many workspaces."""
    if shipped is None:
        return 0
    return sum(_notice(workspace.pk, shipped, now=now) for workspace in Workspace.objects.all())


def _notice(workspace_id: int, shipped: EngineName, *, now: datetime) -> bool:
    live = live_release(workspace_id)
    is_usable = live is not None and live.base_version == shipped.version
    version = live.version if live is not None and is_usable else shipped.version
    # The oldest verdict is enough: what was judged before an upgrade came before what was after it.
    oldest = Verdict.objects.filter(workspace_id=workspace_id).order_by("pk").first()
    if oldest is None or (oldest.engine, oldest.engine_version) == (shipped.name, version):
        return False
    known = Reassessment.objects.filter(workspace_id=workspace_id)
    if known.filter(status__in=OPEN_REASSESSMENTS).exists():
        return False
    if known.filter(engine=shipped.name, engine_version=version).exists():
        return False
    try:
        with transaction.atomic():
            made = start_reassessment(
                workspace_id, release=live if is_usable else None, by=None, now=now
            )
            Reassessment.objects.filter(pk=made.pk).update(
                engine=shipped.name, engine_version=version
            )
    except IntegrityError:  # a person promoted at the same moment
        return False
    return True
