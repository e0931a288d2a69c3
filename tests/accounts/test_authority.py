"""Authority: who may do what up to what, on what the answer rests, and that nobody lifts themselves up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from amends.accounts.authority import (
    PERMANENT,
    Allowance,
    Deed,
    deputies_in_force,
    judge,
    log_use,
    may_do,
)
from amends.accounts.grant import (
    Grant,
    GrantRefused,
    Standing,
    appoint_deputy,
    end_authority,
    end_deputy,
    grant_authority,
)
from amends.accounts.models import Act, Authority, Brand, Deputy, Membership, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.core.money import Money, read_money
from amends.record.log import Subject
from amends.record.models import ActionLog

CASE = Subject("case", "C-1", "C-1")


def euros(amount: int | str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.fixture
def ask(workspace: Workspace, now: datetime) -> Callable[..., Any]:
    def may(
        user: User, act: Act, *, at: datetime = now, is_late: bool = False, **about: Any
    ) -> Any:
        deed = Deed(act=act, **about)
        return may_do(user, workspace, deed=deed, now=at, is_late=is_late)

    return may


@pytest.fixture
def give(workspace: Workspace, owner: User, now: datetime) -> Callable[..., Authority]:
    def grant(act: Act, *, by: User = owner, **values: Any) -> Authority:
        made = Grant(act=act, **{"reason": "The spring sale"} | values)
        return grant_authority(workspace, grant=made, by=by, now=now)

    return grant


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "acts"),
    [
        ("owner", set(Act)),
        ("lead", set(Act)),
        ("agent", set(Act)),
        ("counsel", set()),
        ("viewer", set()),
        ("stranger", set()),
    ],
)
def test_the_defaults_say_what_each_role_may(
    role: str, acts: set[Act], ask: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    assert {act for act in Act if ask(user, act).is_allowed} == acts


@pytest.mark.django_db
def test_the_limits_rise_with_the_role_and_no_amount_is_converted(
    ask: Callable[..., Any], agent: User, lead: User, owner: User
) -> None:
    said = [
        [ask(who, Act.COMPENSATE, money=euros(amount)).is_allowed for amount in (50, 51, 500, 501)]
        for who in (agent, lead, owner)
    ]
    assert said == [[True, False, False, False], [True, True, True, False], [True] * 4]
    assert ask(agent, Act.COMPENSATE, money=Money(Decimal(1), "CHF")).why == "currency"
    assert ask(owner, Act.COMPENSATE, money=Money(Decimal(1), "CHF")).is_allowed
    assert [ask(agent, Act.BAN, days=days).is_allowed for days in (7, 8, PERMANENT)] == [
        True,
        False,
        False,
    ]
    assert ask(lead, Act.BAN, days=PERMANENT).is_allowed


@pytest.mark.django_db
def test_a_grant_comes_beside_the_role_counts_for_its_time_and_is_logged_when_used(
    ask: Callable[..., Any],
    give: Callable[..., Authority],
    workspace: Workspace,
    agent: User,
    other_agent: User,
    now: datetime,
) -> None:
    week = now + timedelta(days=7)
    row = give(Act.COMPENSATE, person=agent, money=euros(200), valid_until=week)
    more = ask(agent, Act.COMPENSATE, money=euros(200))
    assert (more.is_allowed, more.why, more.grant) == (True, "grant", row)
    assert ask(agent, Act.COMPENSATE, money=euros(20)).why == "default"
    assert not ask(other_agent, Act.COMPENSATE, money=euros(200)).is_allowed
    assert not ask(agent, Act.COMPENSATE, money=euros(200), at=week).is_allowed
    for answer in (more, ask(agent, Act.COMPENSATE, money=euros(20))):
        log_use(answer, what="compensate", by=agent, workspace=workspace, about=CASE, now=now)
    (used,) = ActionLog.objects.filter(action="authority.use")
    assert used.data == {"act": "compensate", "authority": row.pk, "in_name_of": None}
    assert used.actor_label == "Agent"


@pytest.mark.django_db
def test_a_limit_of_a_person_narrows_what_the_role_may(
    ask: Callable[..., Any], give: Callable[..., Authority], agent: User, brand: Brand
) -> None:
    give(
        Act.PUBLISH,
        person=agent,
        languages=("tr",),
        brand=brand,
        channels=("manual",),
        is_only=True,
    )
    there = {"brand_id": brand.pk, "channel": "manual"}
    assert ask(agent, Act.PUBLISH, language="tr-TR", **there).is_allowed
    assert ask(agent, Act.PUBLISH, language="nl", **there).why == "language"
    assert ask(agent, Act.PUBLISH, language="tr", brand_id=0, channel="manual").why == "brand"
    assert ask(agent, Act.PUBLISH, language="tr", brand_id=brand.pk, channel="x").why == "channel"


@pytest.mark.django_db
def test_what_is_laid_down_for_a_role_stands_in_place_of_its_default_until_it_is_ended(
    ask: Callable[..., Any],
    give: Callable[..., Authority],
    agent: User,
    owner: User,
    lead: User,
    now: datetime,
) -> None:
    row = give(Act.COMPENSATE, role="agent", money=euros(10))
    assert ask(agent, Act.COMPENSATE, money=euros(11)).why == "amount"
    assert not ask(agent, Act.COMPENSATE, money=euros(10)).is_delegated
    with pytest.raises(GrantRefused, match="an owner to say"):
        end_authority(row, by=lead, now=now)
    end_authority(row, by=owner, now=now)
    assert ask(agent, Act.COMPENSATE, money=euros(50)).is_allowed
    row.refresh_from_db()
    assert (row.ended_by, row.ended_at) == (owner, now)
    with pytest.raises(GrantRefused, match="ended already"):
        end_authority(row, by=owner, now=now)


@pytest.mark.django_db
def test_nobody_gives_what_they_do_not_have_nor_anything_to_themselves(
    give: Callable[..., Authority],
    lead: User,
    agent: User,
    owner: User,
    viewer: User,
    now: datetime,
) -> None:
    give(Act.COMPENSATE, by=lead, person=agent, money=euros(500))
    for refused in (
        {"person": agent, "money": euros(501)},
        {"person": agent},  # without limit
        {"person": lead, "money": euros(5)},
        {"person": owner, "money": euros(5)},
        {"person": viewer, "money": euros(5)},
        {"role": "agent", "money": euros(5)},
        {"role": "owner", "money": euros(5)},
        {"person": agent, "money": euros(5), "reason": " "},
        {"person": agent, "money": euros(5), "valid_until": now},
    ):
        with pytest.raises(GrantRefused):
            give(Act.COMPENSATE, by=lead, **refused)
    with pytest.raises(NotAllowed):
        give(Act.PUBLISH, by=agent, person=lead)
    assert Authority.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_a_grant_to_oneself_and_one_of_nobody(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    values = {
        "workspace": workspace,
        "act": "publish",
        "valid_from": now,
        "reason": "x",
        "granted_by": lead,
        "granted_at": now,
    }
    for wrong in ({"person": lead}, {}, {"role": "agent", "person": lead}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Authority.objects.create(**values, **wrong)


# --- deputies ---------------------------------------------------------------------------------


@pytest.fixture
def stand_in(workspace: Workspace, owner: User, now: datetime) -> Callable[..., Deputy]:
    def appoint(deputy: User, *, person: User, by: User = owner, **values: Any) -> Deputy:
        values = {"valid_until": now + timedelta(days=3), "reason": "On leave"} | values
        standing = Standing(person=person, deputy=deputy, **values)
        return appoint_deputy(workspace, standing=standing, by=by, now=now)

    return appoint


@pytest.mark.django_db
def test_a_deputy_acts_in_the_name_of_the_person_from_the_first_minute_or_when_it_is_late(
    ask: Callable[..., Any],
    stand_in: Callable[..., Deputy],
    workspace: Workspace,
    agent: User,
    lead: User,
    owner: User,
    now: datetime,
) -> None:
    row = stand_in(agent, person=lead)
    much = {"money": euros(400)}
    assert not ask(agent, Act.COMPENSATE, **much).is_allowed
    late = ask(agent, Act.COMPENSATE, is_late=True, **much)
    assert (late.is_allowed, late.in_name_of, late.is_delegated) == (True, lead, True)
    end_deputy(row, by=owner, now=now)
    assert not ask(agent, Act.COMPENSATE, is_late=True, **much).is_allowed
    stand_in(agent, person=lead, is_away=True)
    assert ask(agent, Act.COMPENSATE, **much).in_name_of == lead
    assert not ask(agent, Act.COMPENSATE, at=now + timedelta(days=3), **much).is_allowed
    Membership.objects.filter(user=lead).update(is_active=False)
    assert not ask(agent, Act.COMPENSATE, **much).is_allowed
    assert deputies_in_force(workspace, now=now).count() == 1


@pytest.mark.django_db
def test_who_may_be_a_deputy_of_whom(
    stand_in: Callable[..., Deputy],
    agent: User,
    lead: User,
    owner: User,
    viewer: User,
    stranger: User,
    now: datetime,
) -> None:
    for deputy, person, by in (
        (lead, lead, owner),
        (viewer, lead, owner),
        (stranger, lead, owner),
        (lead, stranger, owner),
        (lead, owner, lead),
    ):
        with pytest.raises(GrantRefused):
            stand_in(deputy, person=person, by=by)
    for wrong in ({"reason": ""}, {"valid_until": now}):
        with pytest.raises(GrantRefused):
            stand_in(agent, person=lead, **wrong)
    with pytest.raises(NotAllowed):
        stand_in(agent, person=lead, by=agent)
    assert stand_in(lead, person=owner, by=owner).deputy == lead


# --- properties -------------------------------------------------------------------------------

amounts = st.decimals(min_value=0, max_value=2_000, places=2)
limits = st.one_of(st.none(), st.dictionaries(st.sampled_from(["EUR", "TRY"]), amounts, max_size=2))
allowances = st.builds(
    Allowance,
    act=st.just(Act.COMPENSATE),
    limits=limits,
    languages=st.frozensets(st.sampled_from(["tr", "nl", "id"]), max_size=2),
)


@given(st.lists(allowances, max_size=4), amounts, amounts, st.sampled_from(["tr", "nl", "ru"]))
def test_who_may_give_much_may_give_less(
    reach: list[Allowance], one: Decimal, two: Decimal, language: str
) -> None:
    less, more = sorted((one, two))

    def may(amount: Decimal) -> bool:
        deed = Deed(act=Act.COMPENSATE, money=Money(amount, "EUR"), language=language)
        return judge(deed, reach).is_allowed

    assert may(less) or not may(more)


@given(st.lists(allowances, max_size=3), allowances, amounts)
def test_a_further_allowance_never_takes_anything_away(
    reach: list[Allowance], added: Allowance, amount: Decimal
) -> None:
    deed = Deed(act=Act.COMPENSATE, money=Money(amount, "EUR"), language="tr")
    assert judge(deed, [*reach, added]).is_allowed >= judge(deed, reach).is_allowed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("25", "25"),
        ("25,50", "25.50"),
        ("25.5", "25.5"),
        (" 1 200 ", "1200"),
        ("", None),
        ("0", None),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, read: str | None) -> None:
    money = read_money(typed, currency="eur")
    assert money == (Money(Decimal(read), "EUR") if read else None)


@pytest.mark.parametrize(
    ("typed", "currency"), [("1.200,50", "EUR"), ("-5", "EUR"), ("5", "E"), ("x", "EUR")]
)
def test_what_could_mean_two_amounts_is_none(typed: str, currency: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        read_money(typed, currency=currency)
