"""What a person brings in travels like everything else, once, and bad input names its field."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.inbox.models import ChannelAccount, Comment, Version
from amends.inbox.note_contact import BadContact, ContactForm, note_contact

pytestmark = pytest.mark.django_db
CALL = ContactForm(
    id=uuid.uuid4().hex, kind="phone", text="Nobody calls me back.", author_name="Jo"
)


def test_a_phone_call_becomes_a_comment_that_waits_for_the_engine(
    account: ChannelAccount, agent: User, now: datetime
) -> None:
    comment = note_contact(account, form=CALL, by=agent, now=now)
    assert comment.versions.get().text == "Nobody calls me back."
    assert comment.versions.get().next_step == "classify"


def test_the_same_form_sent_twice_is_one_comment(
    account: ChannelAccount, agent: User, now: datetime
) -> None:
    for _ in range(2):
        note_contact(account, form=CALL, by=agent, now=now)
    assert Comment.objects.count() == Version.objects.count() == 1


def test_a_pasted_post_is_known_by_its_address(
    account: ChannelAccount, agent: User, other_agent: User, now: datetime
) -> None:
    pasted = replace(CALL, kind="post", url="https://example.org/p/7", text="Late again!")
    first = note_contact(account, form=pasted, by=agent, now=now)
    again = replace(pasted, id=uuid.uuid4().hex)
    assert note_contact(account, form=again, by=other_agent, now=now) == first


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "  "}, "text"),
        ({"kind": "pigeon"}, "kind"),
        ({"kind": "post", "url": ""}, "url"),
        ({"kind": "post", "url": "javascript:alert(1)"}, "url"),
        ({"author_name": "x" * 500}, "author_name"),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(
    change: dict[str, str], field: str, account: ChannelAccount, agent: User, now: datetime
) -> None:
    with pytest.raises(BadContact) as refused:
        note_contact(account, form=replace(CALL, **change), by=agent, now=now)
    assert refused.value.field == field
    assert not Comment.objects.exists()


def test_a_contact_of_the_future_is_refused(
    account: ChannelAccount, agent: User, now: datetime
) -> None:
    form = replace(CALL, happened_at=now + timedelta(hours=1))
    with pytest.raises(BadContact) as refused:
        note_contact(account, form=form, by=agent, now=now)
    assert refused.value.field == "happened_at"


def test_a_viewer_brings_nothing_in(account: ChannelAccount, viewer: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        note_contact(account, form=CALL, by=viewer, now=now)
