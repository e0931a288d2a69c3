"""On the page: one merges, splits, undoes and chooses what is answered, and nothing shows a hidden case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.models import Case, Merge
from amends.cases.move_lane import move_lane
from amends.cases.note_traces import note_traces
from amends.connectors.kit.events import InboundAuthor
from amends.pipeline.join import merge
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MakeCase = Callable[..., Case]
CAN = InboundAuthor("a-2", "can", "Can")


def url(case: Case, what: str = "") -> str:
    return f"/cases/C-{case.number}/{what}"


@pytest.fixture
def other(make_case: MakeCase) -> Case:
    return make_case("Kargom hâlâ gelmedi", author=CAN)


def test_a_case_is_merged_on_its_page_and_each_place_is_named(
    case: Case, other: Case, agent: User, sign_in: SignIn
) -> None:
    client = sign_in(agent)
    page = words(
        client.post(
            url(case, "merge/"), {"other": other.public_id, "reason": "5 posts"}, follow=True
        )
    )
    assert "2 comments in this case" in page
    assert "2 places wait for an answer" in page
    assert "is answered next" in page
    assert "This reply goes to Ayşe K., where they wrote: By hand." in page
    assert "Answer this one" in page
    ended = words(client.get(url(other)))
    assert f"This case is part of {case.public_id}." in ended
    assert "5 posts" in ended


def test_a_suggestion_is_a_quiet_line_with_its_reason_and_a_no_is_kept(
    make_case: MakeCase, agent: User, sign_in: SignIn
) -> None:
    case = make_case("Sipariş no 4471982 nerede?")
    other = make_case("4471982 numaralı siparişim yok", author=CAN)
    for one in (case, other):
        note_traces(one.comment.versions.get())
    client = sign_in(agent)
    page = words(client.get(url(case)))
    assert "Perhaps the same matter:" in page
    assert "same order number 4471…" in page
    client.post(url(case, "merge/not/"), {"other": other.public_id})
    assert "Perhaps the same matter:" not in words(client.get(url(case)))


def test_what_is_refused_is_said_beside_the_form_with_what_was_typed(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    response = sign_in(agent).post(url(case, "merge/"), {"other": "C-99"})
    assert response.status_code == 422
    page = words(response)
    assert "Name the other case with the same matter" in page
    assert 'value="C-99"' in page


def test_the_merge_is_undone_from_either_page(
    case: Case, other: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    for place in (case, other):
        merge(Case.objects.get(pk=other.pk), into=case, by=agent, now=now)
        row = Merge.objects.get(undone_at__isnull=True)
        client.post(url(place, "merge/undo/"), {"merge": row.pk})
        assert Case.objects.get(pk=other.pk).is_open


def test_chosen_comments_become_a_case_or_move(
    case: Case, other: Case, agent: User, sign_in: SignIn, now: datetime, make_case: MakeCase
) -> None:
    client = sign_in(agent)
    merge(other, into=case, by=agent, now=now)
    client.post(url(case, "split/"), {"comment": other.comment_id, "to": "new"})
    made = Case.objects.latest("number")
    assert list(made.items.values_list("comment", flat=True)) == [other.comment_id]
    third = make_case("Fatura", author=InboundAuthor("a-3", "eda", "Eda"))
    merge(made, into=case, by=agent, now=now)
    client.post(
        url(case, "split/"),
        {"comment": other.comment_id, "to": "other", "other": str(third.number)},
    )
    assert third.items.count() == 2


def test_the_comment_that_is_answered_is_chosen(
    case: Case, other: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    merge(other, into=case, by=agent, now=now)
    sign_in(agent).post(url(case, "choose/"), {"comment": other.comment_id})
    assert Case.objects.get(pk=case.pk).comment_id == other.comment_id


def test_a_case_of_a_hidden_lane_cannot_be_merged_or_guessed(
    case: Case, agent: User, sign_in: SignIn, make_case: MakeCase
) -> None:
    secret = make_case("Dava", author=CAN)
    Case.objects.filter(pk=secret.pk).update(lane="legal")
    client = sign_in(agent)
    hidden = client.post(url(case, "merge/"), {"other": secret.public_id})
    missing = client.post(url(case, "merge/"), {"other": "C-999"})
    assert hidden.status_code == missing.status_code == 422
    assert "Name the other case" in words(hidden)
    assert not Merge.objects.exists()


def test_a_merged_case_follows_its_survivor_into_a_restricted_lane(
    case: Case, other: Case, agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    merge(other, into=case, by=agent, now=now)
    move_lane(case, to="legal", reason="", by=lead, now=now)
    for hidden in (case, other):
        assert sign_in(agent).get(url(hidden)).status_code == 404
