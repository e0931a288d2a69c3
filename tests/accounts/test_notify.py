"""A person is told once of one thing."""

from __future__ import annotations

from datetime import datetime

import pytest

from amends.accounts.models import Notification, NotificationKind, User, Workspace
from amends.accounts.notify import notify
from amends.record.log import Subject

pytestmark = pytest.mark.django_db


def test_the_same_notice_given_again_is_harmless(
    workspace: Workspace, agent: User, now: datetime
) -> None:
    for _again in range(2):
        notify(
            agent,
            workspace=workspace,
            kind=NotificationKind.BREACH,
            about=Subject("case", "C-1", "C-1"),
            now=now,
            key="breach:C-1:first_reply",
        )
    assert Notification.objects.get().user == agent
