"""What the source S4 asks of a public comment policy, instruction by instruction (K21, K22, K38)."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import Brand, User
from amends.accounts.public_brand import public_key
from amends.core.policy.lint import check_policy
from amends.core.policy.schema import load_shipped_policy, read_shipped_policy
from amends.core.policy.terms import LadderStep
from amends.core.vocabulary import PolicyGround
from amends.measures.publish_policy import PolicyRefused, publish_policy
from tests.core.policy.support import errors_of, starting_with, warnings_of
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
POLICY = load_shipped_policy()
STARTING = read_shipped_policy().decode()


@pytest.fixture
def address(brand: Brand, lead: User, now: datetime) -> str:
    publish_policy(brand, text=STARTING, after=0, note="", by=lead, now=now)
    return f"/policy/{public_key(brand)}/"


def steps_on(ground: PolicyGround) -> list[LadderStep]:
    (clause,) = POLICY.clauses_on(ground)
    return [one.step for one in clause.ladder]


def test_s4_4_the_policy_says_which_comments_are_allowed(address: str, client: Client) -> None:
    page = words(client.get(f"{address}en/"))
    assert "Criticism, complaints and poor ratings, justified or not." in page
    assert page.count("This is fine") == len(POLICY.clauses)


def test_s4_5_the_policy_is_public_at_a_stable_address(address: str, client: Client) -> None:
    assert client.get(address).status_code == 200
    assert client.get(f"{address}nl/").status_code == 200


@pytest.mark.parametrize("language", ["en", "tr", "id", "ru", "nl"])
def test_s4_6_it_says_which_way_of_speaking_is_fine_in_each_language_of_the_audience(
    language: str, address: str, client: Client
) -> None:
    register = POLICY.pages[language].register
    assert register
    assert register in words(client.get(f"{address}{language}/"))


def test_s4_7_every_ground_has_a_clause_that_names_the_unacceptable() -> None:
    for ground in PolicyGround:
        if ground is not PolicyGround.NONE:
            assert POLICY.clauses_on(ground), ground
    assert not POLICY.clauses_on(PolicyGround.NONE)


def test_s4_8_foul_language_at_a_person_is_not_tolerated_and_at_a_thing_it_is() -> None:
    (clause,) = POLICY.clauses_on(PolicyGround.PROFANITY_TARGETED)
    text = clause.text("en")
    assert "swear words" in text.rule
    assert "damn mess" in text.allowed
    assert steps_on(PolicyGround.PROFANITY_TARGETED)[0] is LadderStep.WARN


def test_s4_9_comments_stay_on_topic_and_criticism_of_us_always_is() -> None:
    (clause,) = POLICY.clauses_on(PolicyGround.OFF_TOPIC)
    assert "always on topic" in clause.text("en").rule
    assert steps_on(PolicyGround.OFF_TOPIC)[0] is LadderStep.WARN


@pytest.mark.parametrize("language", ["en", "tr", "id", "ru", "nl"])
def test_s4_10_every_clause_says_what_follows(language: str, address: str, client: Client) -> None:
    page = words(client.get(f"{address}{language}/"))
    for clause in POLICY.clauses:
        assert clause.ladder
        assert clause.text(language).consequence in page
    assert errors_of(starting_with(language, consequence=""))


def test_s4_11_a_ban_is_for_a_time_that_is_named_or_permanent() -> None:
    for clause in POLICY.clauses:
        for rung in clause.ladder:
            assert (rung.length is not None) == (rung.step is LadderStep.TEMPORARY_BAN)
    steps = [step for ground in PolicyGround if ground != "none" for step in steps_on(ground)]
    assert LadderStep.TEMPORARY_BAN in steps
    assert LadderStep.PERMANENT_BAN in steps
    assert "a temporary ban without length" in warnings_of(STARTING.replace(": 3d", ""))[0]


def test_s4_12_blocking_stands_on_the_ladder_and_in_the_words() -> None:
    assert LadderStep.BLOCK in steps_on(PolicyGround.THREAT)
    (clause,) = POLICY.clauses_on(PolicyGround.THREAT)
    assert "block the account" in clause.text("en").consequence


@pytest.mark.parametrize("part", ["rule", "example", "consequence"])
@pytest.mark.parametrize("language", ["en", "tr", "id", "ru", "nl"])
def test_s4_13_a_policy_is_specific_or_it_is_not_published(
    part: str, language: str, brand: Brand, lead: User, now: datetime
) -> None:
    assert check_policy(STARTING).findings == ()
    vague = starting_with(language, **{part: ""})
    with pytest.raises(PolicyRefused):
        publish_policy(brand, text=vague, after=0, note="", by=lead, now=now)


def test_s4_14_what_is_on_topic_and_negative_is_no_ground(brand: Brand) -> None:
    with_criticism = starting_with("en", rule="Do not post negative comments about us.")
    assert any("would make criticism removable" in one for one in errors_of(with_criticism))
    assert (
        "criticism is never removed"
        in errors_of(STARTING.replace("ground: spam", "ground: negative"))[0]
    )
