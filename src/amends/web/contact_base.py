"""The contact base: whom we may reach, one of them, a new one, the list for another program."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.models import Brand
from amends.accounts.permissions import (
    may_add_contact,
    may_erase,
    may_export_contacts,
    may_read_contacts,
)
from amends.cases.models import Case
from amends.cases.queries import case_or_none
from amends.cases.transitions import NotPossible
from amends.replies.contact_files import contacts_as_csv, contacts_as_vcards
from amends.replies.contacts import (
    EXPORTED,
    ContactForm,
    add_contact,
    contacts_for_export,
    contacts_visible_to,
    details_of,
    erase_contact,
)
from amends.replies.models import Contact, ContactBasis, ContactPurpose, ContactSource
from amends.replies.private_address import address_given
from amends.web.pages import DeskRequest, action, page

SHOWN = 200


class ContactFields(forms.Form):
    """A contact as a person enters it; what K18 asks for is checked by the verb."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.CharField(
        label=gettext_lazy("E-mail address"), required=False, widget=forms.EmailInput
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), required=False, max_length=40)
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=ContactPurpose.choices)
    basis = forms.ChoiceField(
        label=gettext_lazy("Legal basis"), choices=ContactBasis.choices, initial="contract"
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Where it came from"), choices=ContactSource.choices
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Kept until"),
        help_text=gettext_lazy("It is erased by itself on this day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    consent_on = forms.DateField(
        label=gettext_lazy("Agreed on"),
        help_text=gettext_lazy(
            "Only where the basis is that they agreed, as always for marketing."
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    consent_how = forms.CharField(
        label=gettext_lazy("How they agreed"), required=False, max_length=200
    )
    consent_text = forms.CharField(
        label=gettext_lazy("To which version of our words"), required=False, max_length=60
    )

    def as_form(self) -> ContactForm:
        return ContactForm(**self.cleaned_data)


@page(may=may_read_contacts)
def contacts(request: DeskRequest) -> HttpResponse:
    """The list, of one purpose or all."""
    purpose = request.GET.get("purpose", "")
    rows = contacts_visible_to(request.user, workspace=request.workspace)
    if purpose in ContactPurpose.values:
        rows = rows.filter(purpose=purpose)
    found = list(rows[: SHOWN + 1])
    shown = {
        "rows": [(one, details_of(one)) for one in found[:SHOWN]],
        "has_more": len(found) > SHOWN,
        "purposes": ContactPurpose.choices,
        "purpose": purpose,
        "may_add": may_add_contact(request.user, request.workspace),
        "may_export": may_export_contacts(request.user, request.workspace),
        "exported": [(one.value, one.label) for one in EXPORTED],
        "shown": SHOWN,
        "now": request.clock.now(),
    }
    return render(request, "contacts/contacts.html", shown)


@page(may=may_add_contact, to_post=may_add_contact)
def add(request: DeskRequest) -> HttpResponse:
    """A new contact, from a case where one is named."""
    case = _case(request)
    today = request.clock.now().date()
    initial: dict[str, Any] = {"expires_on": today + timedelta(days=365)}
    if case is not None:
        initial |= {
            "name": case.author.display_name or case.author.handle,
            "email": address_given(case),
            "source": "private",
        }
    form = ContactFields(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_contact(
                _brand(request, case=case),
                form=form.as_form(),
                case=case,
                by=request.user,
                now=request.clock.now(),
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The contact is kept."))
            return HttpResponseRedirect(reverse("contact", args=[made.pk]))
    shown = {"form": form, "case": case, "brands": _brands(request)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "contacts/add.html", shown, status=status)


@page(may=may_read_contacts)
def contact(request: DeskRequest, pk: int) -> HttpResponse:
    """One contact, with everything that it rests on."""
    return _show(request, find_contact(request, pk))


@action(may=may_erase)
def erase(request: DeskRequest, pk: int) -> HttpResponse:
    """Erase one contact for good."""
    found = find_contact(request, pk)
    try:
        reason = request.POST.get("reason", "")
        erase_contact(found, reason=reason, by=request.user, now=request.clock.now())
    except NotPossible as refused:
        return _show(request, found, problem=str(refused))
    messages.success(request, _("The contact is erased."))
    return HttpResponseRedirect(reverse("contacts"))


@action(may=may_export_contacts)
def export(request: DeskRequest) -> HttpResponse:
    """The contacts of one purpose as a file."""
    purpose = request.POST.get("purpose", "")
    try:
        found = contacts_for_export(
            request.user, workspace=request.workspace, purpose=purpose, now=request.clock.now()
        )
    except NotPossible as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("contacts"))
    is_card = request.POST.get("format") == "vcard"
    text = contacts_as_vcards(found) if is_card else contacts_as_csv(found)
    kind, ending = ("text/vcard", "vcf") if is_card else ("text/csv", "csv")
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="contacts-{purpose}.{ending}"'
    return answer


def _show(request: DeskRequest, found: Contact, *, problem: str = "") -> HttpResponse:
    shown = {
        "contact": found,
        "who": details_of(found),
        "may_correct": may_add_contact(request.user, request.workspace),
        "may_erase": may_erase(request.user, request.workspace),
        "problem": problem,
        "now": request.clock.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "contacts/contact.html", shown, status=status)


def find_contact(request: DeskRequest, pk: int) -> Contact:
    """The contact, or 404 where there is none that this person may see."""
    rows = contacts_visible_to(request.user, workspace=request.workspace)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such contact, or it is not yours to see."))
    return found


def _case(request: DeskRequest) -> Case | None:
    number = (request.GET.get("case") or request.POST.get("case") or "").removeprefix("C-")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return case_or_none(request.user, workspace=request.workspace, number=int(number))


def _brands(request: DeskRequest) -> list[Brand]:
    return list(Brand.objects.filter(workspace=request.workspace).order_by("name", "pk"))


def _brand(request: DeskRequest, *, case: Case | None) -> Brand:
    if case is not None:
        return case.brand
    wanted = request.POST.get("brand", "")
    brands = _brands(request)
    chosen = next((one for one in brands if str(one.pk) == wanted), brands[0] if brands else None)
    if chosen is None:
        raise NotPossible(_("There is no brand yet."))
    return chosen
