"""A draft is read by the brand's profile: form of address, names that sign, words that are not ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.accounts.change_brand_profile import BrandVoice, change_brand_profile
from amends.accounts.models import User
from amends.cases.models import Case
from amends.replies.avoided import find_avoided
from amends.replies.lint import gather_context, lint_draft
from amends.replies.models import Reply
from tests.support.desk import Colleagues


@pytest.fixture
def draft(make_case: Callable[..., Case], colleagues: Colleagues) -> Reply:
    reply = colleagues.draft(make_case(), "Maalesef kargonuz gecikti, özür dileriz. Selin")
    Reply.objects.filter(pk=reply.pk).update(language="tr")
    return Reply.objects.get(pk=reply.pk)


def speak(draft: Reply, *, to: BrandVoice, by: User, now: datetime) -> None:
    change_brand_profile(draft.case.brand, to=to, seen_version=0, by=by, now=now)


@pytest.mark.django_db
def test_the_form_of_address_is_that_of_the_profile(
    draft: Reply, lead: User, now: datetime
) -> None:
    assert gather_context(draft, now=now)["address"] == "siz"
    speak(draft, to=BrandVoice(address={"tr": "sen"}), by=lead, now=now)
    assert gather_context(draft, now=now)["address"] == "sen"


@pytest.mark.django_db
def test_names_of_the_profile_sign_and_second_languages_are_told(
    draft: Reply, lead: User, now: datetime
) -> None:
    speak(draft, to=BrandVoice(signatures=("Selin",), second_languages=("en",)), by=lead, now=now)
    context = gather_context(draft, now=now)
    assert "Selin" in context["signatures"]
    assert context["fallback_langs"] == ["en"]


@pytest.mark.django_db
def test_a_word_that_the_brand_does_not_use_is_shown_where_it_stands(
    draft: Reply, lead: User, now: datetime
) -> None:
    speak(draft, to=BrandVoice(avoided=("maalesef",)), by=lead, now=now)
    own = [one for one in lint_draft(draft, now=now).findings if one.code == "brand"]
    assert [(one.words, one.level, one.start) for one in own] == [("Maalesef", "warn", 0)]


def test_endings_are_found_and_the_middle_of_a_word_is_not() -> None:
    text = "Sorun için; sorunsuzdu. Başsorun değil. İŞ bitti, işte."
    found = [text[start:end] for start, end in find_avoided(text, words=["sorun", "iş"])]
    assert found == ["Sorun", "sorunsuzdu", "İŞ"]


@given(st.text(max_size=200), st.lists(st.text(max_size=12), max_size=4))
def test_places_always_lie_inside_the_text(text: str, words: list[str]) -> None:
    for start, end in find_avoided(text, words=words):
        assert 0 <= start < end <= len(text)
