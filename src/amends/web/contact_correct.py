"""Correcting one contact: name, address, telephone number, and until when it is kept."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_add_contact
from amends.cases.transitions import NotPossible
from amends.replies.contacts import details_of
from amends.replies.correct_contact import Correction, correct_contact
from amends.web.contact_base import ContactFields, find_contact
from amends.web.pages import DeskRequest, page


class CorrectionFields(ContactFields):
    """What can be corrected; a contact for another purpose is another contact."""

    purpose = basis = source = None  # type: ignore[assignment]
    consent_on = consent_how = consent_text = None  # type: ignore[assignment]


@page(may=may_add_contact, to_post=may_add_contact)
def correct(request: DeskRequest, pk: int) -> HttpResponse:
    """Show what is kept, and keep what is right."""
    found = find_contact(request, pk)
    who = details_of(found)
    initial = {"name": who.name, "email": who.email, "phone": who.phone}
    form = CorrectionFields(
        request.POST or None, initial=initial | {"expires_on": found.expires_on}
    )
    raw = request.POST.get("seen", "")
    seen = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    if request.method == "POST" and form.is_valid():
        right = Correction(**form.cleaned_data, seen=seen)
        try:
            changed = correct_contact(found, right=right, by=request.user, now=request.clock.now())
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            said = _("The contact is corrected.") if changed else _("Nothing was changed.")
            messages.success(request, said)
            return HttpResponseRedirect(reverse("contact", args=[found.pk]))
    shown = {"form": form, "contact": found, "who": who, "seen": raw or found.details_id}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "contacts/correct.html", shown, status=status)
