"""What may be the same matter is suggested with its reason; what is not, is not, and a no is remembered."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.close import close_case
from amends.cases.models import Case, NotTheSame
from amends.cases.note_traces import note_traces
from amends.cases.suggest_merges import say_not_the_same, suggest_merges
from amends.connectors.kit.events import InboundAuthor

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
MakeWord = Callable[..., Case]

SAME = [  # two authors, one matter: the same number, or the same words
    ("Sipariş no 4471982 nerede?", "4471982 numaralı siparişim gelmedi", "same_order"),
    ("Order LB-20931 is missing", "my order number is LB20931, help", "same_order"),
    ("Pesanan 88120394 belum sampai", "no pesanan: 88120394 mana?", "same_order"),
    ("Заказ № 4471982 не приехал", "номер заказа 4471982, жду", "same_order"),
    ("Bestelling 4471982 niet binnen", "ordernummer 4471982, al zes dagen", "same_order"),
    (
        "Altı gündür kargom yok, arıyorum açan yok, böyle hizmet olmaz olsun",
        "Altı gündür kargom yok arıyorum açan yok, böyle hizmet olmaz olsun!",
        "near_copy",
    ),
    (
        "Al zes dagen geen pakket en niemand neemt de telefoon op, wat een schande",
        "al zes dagen geen pakket en niemand neemt de telefoon op, wat een schande!!",
        "near_copy",
    ),
]
OTHER = [  # two matters that look alike
    ("Sipariş no 4471982 nerede?", "Sipariş no 4471983 nerede?"),
    ("My order is missing", "My order is missing"),
    ("Kargom nerede?", "Kargom nerede?"),
    ("Paket saya belum sampai sudah enam hari", "Paket saya rusak waktu dibuka kemarin sore"),
    ("Заказ № 4471982 не приехал", "Заказ № 5571982 приехал разбитым"),
    ("Bestelling van 250 euro kwijt", "Bestelling van 250 euro verkeerd geleverd"),
    ("I paid 20931 for this", "They charged me 20931 twice"),
]


@pytest.fixture
def say(make_case: MakeCase) -> MakeWord:
    """A case of somebody new, with its traces, as the worker leaves it."""
    numbers = itertools.count(100)

    def make(text: str, **values: object) -> Case:
        who = values.pop("author", None) or InboundAuthor(f"x-{next(numbers)}", "x", "X")
        case = make_case(text, author=who, **values)
        with transaction.atomic():
            note_traces(case.comment.versions.get())
        return case

    return make


@pytest.mark.parametrize(("one", "other", "reason"), SAME)
def test_one_matter_is_suggested_with_its_reason(
    say: MakeWord, agent: User, one: str, other: str, reason: str
) -> None:
    first, second = say(one), say(other)
    for case, expected in ((first, second), (second, first)):
        (found,) = suggest_merges(case, user=agent)
        assert (found.case, found.reasons) == (expected, [reason])
        assert bool(found.number) is (reason == "same_order")
        assert len(found.number) <= 4


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_matters_are_not_suggested(say: MakeWord, agent: User, one: str, other: str) -> None:
    first, second = say(one), say(other)
    assert suggest_merges(first, user=agent) == suggest_merges(second, user=agent) == []


def test_the_same_author_counts_for_the_same_kind_of_matter_within_two_days(
    say: MakeWord, agent: User, now: datetime
) -> None:
    who = InboundAuthor("a-7", "eda", "Eda")
    case = say("Kargom nerede?", author=who)
    near = say("Hâlâ yok", author=who)
    other = say("Çok güzel", author=who)
    say("Eski", author=who, published_at=now - timedelta(days=5), at=now)
    Case.objects.update(category="business_error")
    Case.objects.filter(pk=other.pk).update(category="praise")
    case.refresh_from_db()
    (found,) = suggest_merges(case, user=agent)
    assert (found.case, found.reasons) == (near, ["same_author"])


def test_closed_hidden_and_denied_cases_are_not_suggested(
    say: MakeWord, agent: User, lead: User, now: datetime
) -> None:
    case, other = (say(f"Sipariş no 4471982 {word}") for word in ("nerede", "yok"))
    Case.objects.filter(pk=other.pk).update(lane="legal")
    assert suggest_merges(case, user=agent) == []
    assert len(suggest_merges(case, user=lead)) == 1
    Case.objects.filter(pk=other.pk).update(lane="open")
    say_not_the_same(case, other=other, by=agent, now=now)
    say_not_the_same(other, other=case, by=agent, now=now)
    assert NotTheSame.objects.count() == 1
    assert suggest_merges(case, user=agent) == suggest_merges(other, user=agent) == []
    NotTheSame.objects.all().delete()
    other.refresh_from_db()
    close_case(other, disposition="resolved", reason="done", by=agent, now=now)
    assert suggest_merges(case, user=agent) == []


def test_who_may_not_merge_is_shown_nothing_and_says_nothing(
    say: MakeWord, viewer: User, now: datetime
) -> None:
    case, other = (say(f"Sipariş no 4471982 {word}") for word in ("nerede", "yok"))
    assert suggest_merges(case, user=viewer) == []
    with pytest.raises(NotAllowed):
        say_not_the_same(case, other=other, by=viewer, now=now)


def test_the_cost_does_not_grow_with_what_meets(
    say: MakeWord, agent: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    cases = [
        say("Altı gündür kargom yok, arıyorum açan yok, böyle hizmet olmaz olsun")
        for _n in "12345678"
    ]
    with django_assert_max_num_queries(60):  # type: ignore[attr-defined]
        assert len(suggest_merges(cases[0], user=agent)) == 3
