"""The contact base as pages: list, one, new, the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

from amends.accounts.models import User
from amends.cases.models import Case
from amends.replies.models import Contact
from tests.web.conftest import words

SignIn = Callable[[User], Client]


def typed(now: datetime, **changes: str) -> dict[str, str]:
    return {
        "name": "Ayşe K.",
        "email": "ayse@ornek.test",
        "phone": "",
        "purpose": "complaint",
        "basis": "contract",
        "source": "phone",
        "expires_on": (now.date() + timedelta(days=90)).isoformat(),
    } | changes


def test_a_contact_is_added_from_a_case_listed_and_erased(
    case: Case, owner: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(owner)
    at = f"{reverse('contact_add')}?case={case.number}"
    assert f"From {case.public_id}" in words(client.get(at))
    client.post(at, typed(now, case=str(case.number)))
    contact = Contact.objects.get()
    assert contact.case_id == case.pk
    assert "ayse@ornek.test" in words(client.get(reverse("contacts")))
    assert "ayse@ornek.test" not in words(client.get(f"{reverse('contacts')}?purpose=marketing"))
    page = words(client.get(reverse("contact", args=[contact.pk])))
    assert case.public_id in page
    client.post(reverse("contact_erase", args=[contact.pk]), {"reason": "asked"})
    assert "ayse@ornek.test" not in words(client.get(reverse("contacts")))
    assert client.get(reverse("contact", args=[contact.pk])).status_code == 404


def test_what_is_forbidden_is_said_beside_the_form(
    case: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    answer = sign_in(agent).post(reverse("contact_add"), typed(now, purpose="marketing"))
    assert answer.status_code == 422
    assert "the ground is consent" in words(answer)
    assert not Contact.objects.exists()


def test_the_marketing_file_leaves_complaints_out(
    case: Case, owner: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(owner)
    client.post(reverse("contact_add"), typed(now))
    agreed = {
        "name": "Can D.",
        "email": "can@ornek.test",
        "purpose": "marketing",
        "basis": "consent",
        "consent_on": now.date().isoformat(),
        "consent_how": "ticked",
        "consent_text": "3",
    }
    client.post(reverse("contact_add"), typed(now, **agreed))
    assert Contact.objects.count() == 2
    for kind in ("csv", "vcard"):
        file = client.post(reverse("contacts_export"), {"purpose": "marketing", "format": kind})
        assert "can@ornek.test" in words(file)
        assert "ayse@ornek.test" not in words(file)
        assert "attachment" in file["Content-Disposition"]
    refused = client.post(reverse("contacts_export"), {"purpose": "complaint"}, follow=True)
    assert "do not leave the desk" in words(refused)


def test_an_agent_sees_no_export_and_a_viewer_no_contacts(
    case: Case, agent: User, viewer: User, sign_in: SignIn
) -> None:
    assert "Take a list out" not in words(sign_in(agent).get(reverse("contacts")))
    assert sign_in(viewer).get(reverse("contacts")).status_code == 403
