"""Erases words that must not be kept, and keeps that they were there: digest, time, this act."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.record.log import Actor, Subject, log_action
from amends.record.models import Content, Redaction


class AlreadyRedacted(Exception):
    """The content was erased before; the first redaction stands."""


def redact_content(content: Content, *, actor: Actor, reason: str, now: datetime) -> Redaction:
    """Erase text, payload and salt for good, with Redaction and log entry in one transaction.

    The salt goes too, so that nobody can try words against the digest that stays. Whoever calls it
    has checked the permission. Raises ValueError without a reason, AlreadyRedacted the second time.
    """
    if not reason.strip():
        raise ValueError("A redaction needs its reason: it is all that will be left to read.")
    with transaction.atomic():
        redaction, is_new = Redaction.objects.get_or_create(
            content=content,
            defaults={
                "workspace_id": content.workspace_id,
                "at": now,
                "actor_label": actor.label[:200] or actor.kind,
                "reason": reason.strip(),
            },
        )
        if not is_new:
            raise AlreadyRedacted(f"Content {content.pk} was redacted on {redaction.at:%Y-%m-%d}.")
        erased = {"text": "", "payload": "", "salt": "", "redacted_at": now}
        Content.objects.filter(pk=content.pk).update(**erased)
        log_action(
            "content.redact",
            workspace_id=content.workspace_id,
            actor=actor,
            subject=Subject("content", str(content.pk), f"content {content.pk}"),
            now=now,
            data={"reason": reason.strip(), "digest": content.digest},
        )
    for name, value in erased.items():
        setattr(content, name, value)
    return redaction
