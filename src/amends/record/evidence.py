"""Keeps captures: what the channel showed, of what, how and by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from amends.record.keep import keep_content
from amends.record.log import Subject
from amends.record.models import Evidence


def keep_evidence(
    *,
    subject: Subject,
    workspace_id: int,
    kind: str,
    source_url: str,
    payload: dict[str, Any],
    captured_by: str,
    method: str,
    now: datetime,
) -> Evidence:
    """Store one capture in the caller's transaction; its digest stands with the content."""
    content = keep_content(workspace_id=workspace_id, text="", payload=payload, now=now)
    return Evidence.objects.create(
        workspace_id=workspace_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        kind=kind,
        source_url=source_url,
        content=content,
        captured_at=now,
        captured_by=captured_by,
        method=method,
        tool="amends",
    )
