"""How a brand speaks is kept in versions, checked, and written by owners and leads."""

from __future__ import annotations

from datetime import datetime

import pytest

from amends.accounts.change_brand_profile import (
    BrandVoice,
    ProfileRefused,
    brand_profile_in_force,
    brand_profiles_visible_to,
    change_brand_profile,
)
from amends.accounts.models import Brand, User
from amends.accounts.permissions import NotAllowed
from amends.record.models import ActionLog

pytestmark = pytest.mark.django_db


def test_a_profile_is_a_new_version_each_time(brand: Brand, lead: User, now: datetime) -> None:
    change_brand_profile(
        brand, to=BrandVoice(address={"tr": "sen"}), seen_version=0, by=lead, now=now
    )
    change_brand_profile(
        brand, to=BrandVoice(avoided=("honestly",)), seen_version=1, by=lead, now=now
    )
    in_force = brand_profile_in_force(brand)
    assert in_force is not None
    assert (in_force.version, in_force.avoided, in_force.address) == (2, ["honestly"], {})
    assert len(brand_profiles_visible_to(lead, brand=brand)) == 2
    assert ActionLog.objects.filter(action="brand.profile").count() == 2


def test_a_form_of_address_that_the_language_does_not_have_is_refused(
    brand: Brand, lead: User, now: datetime
) -> None:
    with pytest.raises(ProfileRefused) as refused:
        change_brand_profile(
            brand, to=BrandVoice(address={"nl": "siz"}), seen_version=0, by=lead, now=now
        )
    assert refused.value.field == "address_nl"


def test_who_saw_an_older_profile_overwrites_nothing(
    brand: Brand, lead: User, owner: User, now: datetime
) -> None:
    change_brand_profile(brand, to=BrandVoice(voice="a"), seen_version=0, by=lead, now=now)
    with pytest.raises(ProfileRefused, match="meanwhile"):
        change_brand_profile(brand, to=BrandVoice(voice="b"), seen_version=0, by=owner, now=now)


def test_agents_read_it_and_strangers_do_not(
    brand: Brand, lead: User, agent: User, stranger: User, now: datetime
) -> None:
    change_brand_profile(brand, to=BrandVoice(), seen_version=0, by=lead, now=now)
    assert brand_profiles_visible_to(agent, brand=brand)
    assert not brand_profiles_visible_to(stranger, brand=brand)
    with pytest.raises(NotAllowed):
        change_brand_profile(brand, to=BrandVoice(), seen_version=1, by=agent, now=now)
