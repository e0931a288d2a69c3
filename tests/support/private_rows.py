"""One row of each append-only table of private conversations."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from amends.accounts.models import User
from amends.cases.models import Case
from amends.record.keep import keep_content
from amends.replies.models import ClosingConsent, ClosingNote, HandOver, PrivateMessage

PRIVATE = (PrivateMessage, ClosingConsent, ClosingNote)


def private_rows(case: Case, *, by: User, now: datetime) -> list[models.Model]:
    of_case = {"workspace": case.workspace, "case": case}
    talk = HandOver.objects.create(
        **of_case, mail_token="m", created_by=by, created_at=now, expires_at=now
    )
    content = keep_content(workspace_id=case.workspace_id, text="a", payload={}, now=now)
    return [
        PrivateMessage.objects.create(**of_case, hand_over=talk, content=content, written_at=now),
        ClosingConsent.objects.create(**of_case, is_given=True, how="phone", noted_at=now),
        ClosingNote.objects.create(**of_case, reason="a", noted_by=by, noted_at=now),
    ]
