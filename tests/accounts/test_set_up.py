"""The first owner: one link, once, within half an hour, and never while there is an owner."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from amends.accounts.models import Membership, SetupLink, User, Workspace
from amends.accounts.set_up import (
    FirstOwner,
    SetupRefused,
    create_setup_link,
    free_slug,
    is_usable,
    set_up_desk,
)
from amends.record.models import ActionLog

pytestmark = pytest.mark.django_db
FIRST = FirstOwner(
    name="Deniz",
    email="Deniz@Example.com",
    password="tulip-harbour-42",
    workspace="Lümen Ev",
    brand="Lümen",
    language="tr",
    time_zone="Europe/Istanbul",
)


def test_the_link_makes_owner_workspace_and_brand(now: datetime) -> None:
    token = create_setup_link(now=now)
    owner = set_up_desk(FIRST, token=token, now=now + timedelta(minutes=29))
    membership = Membership.objects.get()
    assert (membership.user, membership.role) == (owner, "owner")
    assert (membership.workspace.name, membership.workspace.slug) == ("Lümen Ev", "lumen-ev")
    assert membership.workspace.brands.get().time_zone == "Europe/Istanbul"
    assert (owner.email, owner.language) == ("deniz@example.com", "tr")
    assert owner.check_password("tulip-harbour-42")
    assert ActionLog.objects.get().action == "workspace.create"


def test_only_a_hash_of_the_token_is_kept(now: datetime) -> None:
    token = create_setup_link(now=now)
    assert token not in str(SetupLink.objects.values().get())


def test_a_link_works_once(now: datetime) -> None:
    token = create_setup_link(now=now)
    set_up_desk(FIRST, token=token, now=now)
    with pytest.raises(SetupRefused):
        set_up_desk(FIRST, token=token, now=now)
    assert User.objects.count() == 1


@pytest.mark.parametrize("minutes", [30, 31, 6000])
def test_an_old_link_is_void(now: datetime, minutes: int) -> None:
    token = create_setup_link(now=now)
    later = now + timedelta(minutes=minutes)
    assert not is_usable(token, now=later)
    with pytest.raises(SetupRefused, match="prints a new one"):
        set_up_desk(FIRST, token=token, now=later)
    assert not User.objects.exists()


def test_a_new_link_ends_the_one_before(now: datetime) -> None:
    old = create_setup_link(now=now)
    new = create_setup_link(now=now)
    assert not is_usable(old, now=now)
    assert is_usable(new, now=now)


def test_looking_does_not_use_the_link_up(now: datetime) -> None:
    token = create_setup_link(now=now)
    assert is_usable(token, now=now)
    assert is_usable(token, now=now)


def test_there_is_no_link_while_there_is_an_owner(owner: User, now: datetime) -> None:
    with pytest.raises(SetupRefused, match="has an owner"):
        create_setup_link(now=now)


def test_a_link_made_before_is_void_once_there_is_an_owner(
    now: datetime, request: pytest.FixtureRequest
) -> None:
    token = create_setup_link(now=now)
    request.getfixturevalue("owner")
    assert not is_usable(token, now=now)
    with pytest.raises(SetupRefused):
        set_up_desk(FIRST, token=token, now=now)
    assert SetupLink.objects.get().used_at is None


def test_a_desk_whose_owner_is_closed_can_be_set_up_again(owner: User, now: datetime) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert create_setup_link(now=now)


def test_short_names_stay_unique(workspace: Workspace, now: datetime) -> None:
    assert free_slug("Lumen") == "lumen-2"
    Workspace.objects.create(name="x", slug="lumen-2", created_at=now)
    assert free_slug("Lumen") == "lumen-3"
    assert free_slug("Люмен") == "workspace"
