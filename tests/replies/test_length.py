"""A reply is measured as its channel measures, by what a reader takes for one sign where that counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.connectors import registry
from amends.inbox.models import ChannelAccount
from amends.replies.approve import ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import save_draft
from amends.replies.length import reply_length, too_long_by
from tests.support.desk import WHY, Colleagues

MakeCase = Callable[..., Case]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "fits", "too_long"),
    [
        ("bluesky", "👩‍👩‍👧‍👦" * 10 + "é" * 290, "👩‍👩‍👧‍👦" * 10 + "é" * 291),
        ("bluesky", "e\u0301" * 300, "e\u0301" * 301),
        ("sandbox", "x" * 500, "x" * 501),
    ],
)
def test_a_reply_is_measured_as_its_channel_measures(
    make_case: MakeCase, colleagues: Colleagues, kind: str, fits: str, too_long: str, now: datetime
) -> None:
    case = make_case()
    ChannelAccount.objects.update(kind=kind)
    reply = colleagues.draft(case, too_long)
    with pytest.raises(NotPossible, match="1 characters too long"):
        ask_for_approval(reply, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)
    reply = save_draft(reply, text=fits, revision=1, by=colleagues.writer, now=now)
    ask_for_approval(reply, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)


def test_by_hand_there_is_no_limit() -> None:
    assert too_long_by("x" * 100_000, manifest=registry.manifest("manual")) == 0


@given(st.text(max_size=80))
def test_graphemes_are_never_more_than_code_points(text: str) -> None:
    assert 0 <= reply_length(text, manifest=registry.manifest("bluesky")) <= len(text)
    assert reply_length(text, manifest=registry.manifest("sandbox")) == len(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Ayşe", 4),
        ("Гарантируем", 11),
        ("🇹🇷🇳🇱", 2),
        ("👍🏽", 1),
        ("👨‍👩‍👧", 1),
        ("q\u0307\u0323", 1),
        ("❤️", 1),
    ],
)
def test_what_a_reader_sees_as_one_sign_counts_as_one(text: str, count: int) -> None:
    assert reply_length(text, manifest=registry.manifest("bluesky")) == count
