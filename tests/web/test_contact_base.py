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


def test_a_contact_is_corrected_on_its_page(
    case: Case, agent: User, viewer: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    client.post(reverse("contact_add"), typed(now))
    contact = Contact.objects.get()
    at = reverse("contact_correct", args=[contact.pk])
    assert at in words(client.get(reverse("contact", args=[contact.pk])))
    page = words(client.get(at))
    assert 'value="ayse@ornek.test"' in page
    assert "What for" not in page
    form = typed(now, name="Ayşe Kaya", email="kaya@ornek.test", seen=str(contact.details_id))
    assert "The contact is corrected." in words(client.post(at, form, follow=True))
    assert "kaya@ornek.test" in words(client.get(reverse("contacts")))
    late = client.post(at, form | {"name": "Ayşe"})
    assert late.status_code == 422
    assert "in the meantime" in words(late)
    wrong = client.post(at, typed(now, email="none", seen=str(contact.details_id)))
    assert wrong.status_code == 422
    assert 'value="none"' in words(wrong)
    assert sign_in(viewer).get(at).status_code == 403


def test_a_contact_of_a_hidden_case_is_corrected_by_nobody_who_may_not_see_it(
    case: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(agent)
    client.post(f"{reverse('contact_add')}?case={case.number}", typed(now, case=str(case.number)))
    Case.objects.filter(pk=case.pk).update(lane="legal")
    at = reverse("contact_correct", args=[Contact.objects.get().pk])
    assert client.get(at).status_code == client.post(at, typed(now)).status_code == 404
