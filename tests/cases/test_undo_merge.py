"""What undoing a merge says of answers that were given meanwhile: by moves that stand in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User
from amends.cases.models import Case, Merge
from amends.connectors.kit.events import InboundAuthor
from amends.pipeline.join import merge, unmerge
from amends.record.models import ActionLog
from amends.replies.settle import confirm_published
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
CAN = InboundAuthor("a-2", "can", "Can")
HOUR = timedelta(hours=1)


def anew(case: Case) -> Case:
    return Case.objects.select_related("workspace", "comment__thread").get(pk=case.pk)


def answer(case: Case, colleagues: Colleagues) -> None:
    delivery = colleagues.approve(case)
    delivery.refresh_from_db()
    url = f"https://shop.example/{delivery.pk}"
    confirm_published(delivery, url=url, by=colleagues.writer, now=colleagues.now)


def moves(case: Case) -> list[tuple[str, str, str]]:
    rows = ActionLog.objects.filter(action="case.move", subject_id=case.public_id).order_by("pk")
    return [(one.data["from"], one.data["to"], one.data.get("how", "")) for one in rows]


def test_a_survivor_that_rested_rests_again_by_a_logged_move(
    make_case: Callable[..., Case], colleagues: Colleagues, agent: User, now: datetime
) -> None:
    survivor, merged = make_case(), make_case(author=CAN)
    Case.objects.filter(pk=survivor.pk).update(status="answered", first_replied_at=now)
    merge(merged, into=anew(survivor), by=agent, now=now)
    assert anew(survivor).status == "new"
    unmerge(Merge.objects.get(), by=agent, now=now + HOUR)
    back = anew(survivor)
    assert (back.status, back.first_replied_at) == ("answered", now)
    assert moves(survivor)[-1] == ("new", "answered", "undo")


def test_who_was_answered_while_merged_comes_back_answered_since_then(
    make_case: Callable[..., Case], colleagues: Colleagues, agent: User, now: datetime
) -> None:
    survivor, merged = make_case(), make_case(author=CAN, published_at=now - HOUR)
    merge(merged, into=survivor, by=agent, now=now)
    Case.objects.filter(pk=survivor.pk).update(comment=merged.comment)
    answer(anew(survivor), colleagues)
    assert anew(survivor).status == "triaged"
    unmerge(Merge.objects.get(), by=agent, now=now + HOUR)
    back = anew(merged)
    assert (back.status, back.first_replied_at) == ("answered", colleagues.now)
    assert anew(survivor).first_replied_at is None


def test_a_survivor_that_was_answered_while_the_other_waited_is_answered_alone(
    make_case: Callable[..., Case], colleagues: Colleagues, agent: User, now: datetime
) -> None:
    survivor, merged = make_case(), make_case(author=CAN)
    merge(merged, into=survivor, by=agent, now=now)
    Case.objects.filter(pk=survivor.pk).update(comment=survivor.comment)
    answer(anew(survivor), colleagues)
    assert (anew(survivor).status, anew(survivor).first_replied_at) == ("triaged", None)
    unmerge(Merge.objects.get(), by=agent, now=now + HOUR)
    back = anew(survivor)
    assert (back.status, back.first_replied_at) == ("answered", colleagues.now)
    assert moves(survivor)[-1] == ("triaged", "answered", "undo")
    assert (anew(merged).status, anew(merged).first_replied_at) == ("new", None)
