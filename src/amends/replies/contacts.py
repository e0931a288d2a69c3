"""The contact base (K18): who may be reached, for what, on which ground, until when.

Nobody is kept without purpose, basis and end. Marketing needs consent: when, how, to which words; a contact
that is there for a complaint is there for nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from amends.accounts.actors import actor_of
from amends.accounts.models import Brand, User, Workspace
from amends.accounts.permissions import (
    may_add_contact,
    may_erase,
    may_export_contacts,
    may_read_contacts,
    refuse_unless,
)
from amends.cases.erase import erase_record
from amends.cases.models import Case
from amends.cases.queries import seen_by
from amends.cases.transitions import NotPossible
from amends.record.keep import keep_content
from amends.record.log import CLOCK, Actor, Subject, log_action
from amends.replies.models import Contact, ContactBasis, ContactPurpose, ContactSource
from amends.replies.receive import clean_address

LONGEST = timedelta(days=3 * 365)
BATCH = 500
TIME_OVER = gettext_noop("The time for which it was kept is over.")
EXPORTED = (ContactPurpose.MARKETING, ContactPurpose.SERVICE)  # a complaint is answered in its case


@dataclass(frozen=True, slots=True)
class ContactForm:
    """What a person enters; `consent_*` where the basis is consent."""

    name: str
    purpose: str
    basis: str
    source: str
    expires_on: date
    email: str = ""
    phone: str = ""
    consent_on: date | None = None
    consent_how: str = ""
    consent_text: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """Who it is; empty once it was erased."""

    name: str = ""
    email: str = ""
    phone: str = ""


def add_contact(
    brand: Brand, *, form: ContactForm, case: Case | None, by: User, now: datetime
) -> Contact:
    """Keep a contact; `case` is one that the person may see. Raises NotAllowed, and NotPossible for what K18
    forbids: no way to reach them, no end, marketing without consent, consent without when, how and words.
    """
    refuse_unless(may_add_contact(by, brand.workspace), _("add contacts"))
    details = check_contact(form, today=now.date())
    with transaction.atomic():
        content = keep_content(
            workspace_id=brand.workspace_id,
            text="",
            payload={"name": details.name, "email": details.email, "phone": details.phone},
            now=now,
        )
        is_consent = form.basis == ContactBasis.CONSENT
        contact = Contact.objects.create(
            workspace_id=brand.workspace_id,
            brand=brand,
            case=case,
            details=content,
            purpose=form.purpose,
            basis=form.basis,
            source=form.source,
            consent_at=_moment(form.consent_on, now=now) if is_consent else None,
            consent_how=form.consent_how.strip() if is_consent else "",
            consent_text=form.consent_text.strip() if is_consent else "",
            expires_on=form.expires_on,
            added_by=by,
            added_at=now,
        )
        about: dict[str, object] = {
            "purpose": form.purpose,
            "basis": form.basis,
            "until": str(form.expires_on),
        }
        log_contact(contact, "contact.add", actor=actor_of(by), now=now, data=about)
    return contact


def contacts_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Contact]:
    """The contacts that are kept; one that hangs on a case only for who may see the case."""
    if not may_read_contacts(user, workspace):
        return Contact.objects.none()
    seen = seen_by(user, workspace=workspace, over="case")
    kept = Contact.objects.filter(workspace=workspace, erased_at__isnull=True)
    return (
        kept.filter(Q(case__isnull=True) | seen)
        .select_related("details", "brand", "case", "added_by")
        .order_by("-added_at", "-pk")
    )


def details_of(contact: Contact) -> Details:
    said = json.loads(contact.details.payload) if contact.details.payload else {}
    return Details(**said)


def erase_contact(contact: Contact, *, reason: str, by: User, now: datetime) -> None:
    """Erase name and address for good; what stays is that there was a contact, and why it went.

    Raises NotPossible without a reason, the second time, and under a legal hold of its case.
    """
    refuse_unless(may_erase(by, contact.workspace), _("erase words"))
    said = reason.strip()
    if not said:
        raise NotPossible(_("Say why the words are erased: it is all that will be left to read."))
    with transaction.atomic():
        if not _erase(contact, action="contact.erase", reason=said, actor=actor_of(by), now=now):
            raise NotPossible(_("It is erased already, or its case is under a legal hold."))


def erase_contacts_of_matter(
    cases: Iterable[int], *, keep: Callable[[Details], bool], reason: str, by: User, now: datetime
) -> tuple[int, int]:
    """Erase the contacts that hang on some cases, but those whose details are to be kept.

    Says how many are gone, and how many a legal hold keeps. Whoever calls it has checked the permission.
    """
    gone = held = 0
    rows = Contact.objects.filter(case__in=list(cases), erased_at__isnull=True)
    for contact in rows.select_related("details", "case__workspace").order_by("pk"):
        if keep(details_of(contact)):
            continue
        with transaction.atomic():
            actor = actor_of(by)
            is_gone = _erase(contact, action="contact.erase", reason=reason, actor=actor, now=now)
        gone, held = gone + is_gone, held + (not is_gone)
    return gone, held


def expire_contacts(*, now: datetime) -> int:
    """The job of the clock: erase those whose day has come; says how many."""
    due = Contact.objects.filter(erased_at__isnull=True, expires_on__lte=now.date())
    done = 0
    for contact in due.select_related("details", "case").order_by("pk")[:BATCH]:
        with transaction.atomic():
            done += _erase(contact, action="contact.expire", reason=TIME_OVER, actor=CLOCK, now=now)
    return done


def contacts_for_export(
    user: User, *, workspace: Workspace, purpose: str, now: datetime
) -> list[Contact]:
    """Those who may be written to for a purpose today; logged, with their number.

    Nobody is in it whose contact is there for another purpose: who complained is no lead. Raises NotAllowed,
    and NotPossible for a purpose that is not exported.
    """
    refuse_unless(may_export_contacts(user, workspace), _("export contacts"))
    if purpose not in EXPORTED:
        raise NotPossible(
            _("Contacts that are there for a complaint do not leave the desk in a list.")
        )
    with transaction.atomic():
        found = list(
            contacts_visible_to(user, workspace=workspace).filter(
                purpose=purpose, expires_on__gt=now.date()
            )
        )
        log_action(
            "contact.export",
            workspace_id=workspace.pk,
            actor=actor_of(user),
            subject=Subject("workspace", str(workspace.pk), workspace.name),
            now=now,
            data={"purpose": purpose, "count": len(found)},
        )
    return found


def _erase(contact: Contact, *, action: str, reason: str, actor: Actor, now: datetime) -> bool:
    # The row first: of two who erase at once, one finds it done.
    if not Contact.objects.filter(pk=contact.pk, erased_at__isnull=True).update(erased_at=now):
        return False
    is_gone = erase_record(contact.details, case=contact.case, reason=reason, actor=actor, now=now)
    if not is_gone:
        Contact.objects.filter(pk=contact.pk).update(erased_at=None)
        return False
    log_contact(contact, action, actor=actor, now=now, data={"reason": reason})
    return True


def check_contact(form: ContactForm, *, today: date) -> Details:
    """Who it is, as it is kept; raises NotPossible for what K18 forbids."""
    known = (
        (form.purpose, ContactPurpose.values),
        (form.basis, ContactBasis.values),
        (form.source, ContactSource.values),
    )
    if any(said not in values for said, values in known):
        raise NotPossible(_("Say what for, on which ground, and where it came from."))
    name, phone = " ".join(form.name.split())[:200], " ".join(form.phone.split())[:40]
    email = clean_address(form.email) if form.email.strip() else ""
    if not name or not (email or phone):
        raise NotPossible(_("A contact has a name, and an e-mail address or a telephone number."))
    if not today < form.expires_on <= today + LONGEST:
        raise NotPossible(_("Nobody is kept for ever: choose a day within the next three years."))
    if form.purpose == ContactPurpose.MARKETING and form.basis != ContactBasis.CONSENT:
        raise NotPossible(_("For marketing somebody must have agreed: the ground is consent."))
    if form.basis == ContactBasis.CONSENT:
        is_whole = form.consent_on and form.consent_how.strip() and form.consent_text.strip()
        if not is_whole:
            raise NotPossible(_("Consent says when, how, and to which version of our words."))
        if form.consent_on and form.consent_on > today:
            raise NotPossible(_("Nobody has agreed in the future."))
    return Details(name=name, email=email, phone=phone)


def _moment(day: date | None, *, now: datetime) -> datetime | None:
    return None if day is None else datetime.combine(day, now.time(), tzinfo=now.tzinfo)


def log_contact(
    contact: Contact, action: str, *, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    """Log what was done about a contact; never with a value of it."""
    log_action(
        action,
        workspace_id=contact.workspace_id,
        actor=actor,
        subject=Subject("contact", str(contact.pk), f"contact {contact.pk}"),
        now=now,
        data=data,
    )
