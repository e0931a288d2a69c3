"""Corrects who a contact is and how they are reached; for what and on which ground stays as it was agreed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_add_contact, refuse_unless
from amends.cases.erase import erase_record
from amends.cases.transitions import NotPossible
from amends.record.keep import keep_content
from amends.replies.contacts import (
    ContactForm,
    Details,
    check_contact,
    details_of,
    log_contact,
)
from amends.replies.models import Contact

CORRECTED = gettext_noop("The contact was corrected.")


@dataclass(frozen=True, slots=True)
class Correction:
    """How it is right; `seen` is the key of the details that the person read."""

    name: str
    expires_on: date
    seen: int
    email: str = ""
    phone: str = ""


def correct_contact(contact: Contact, *, right: Correction, by: User, now: datetime) -> list[str]:
    """Keep what is right and erase what was wrong; says which fields changed, none for no change.

    The log names the fields, never a value. Raises NotAllowed, and NotPossible for what K18 forbids, for what
    somebody else changed meanwhile, and under a legal hold of its case, which keeps what was wrong.
    """
    refuse_unless(may_add_contact(by, contact.workspace), _("add contacts"))
    details = check_contact(_whole(contact, right), today=now.date())
    changed = _changed(contact, details=details, right=right)
    if not changed:
        return []
    with transaction.atomic():
        before = contact.details
        content = before
        if changed != ["expires_on"]:
            content = keep_content(
                workspace_id=contact.workspace_id, text="", payload=asdict(details), now=now
            )
        # The row first: of two who correct at once, one is told to look again.
        rows = Contact.objects.filter(pk=contact.pk, details=right.seen, erased_at__isnull=True)
        if not rows.update(details=content, expires_on=right.expires_on):
            raise NotPossible(
                _("Somebody else changed this contact in the meantime: look at it again.")
            )
        if content != before:
            _erase_wrong(contact, by=by, now=now)
        about: dict[str, object] = {"fields": changed}
        log_contact(contact, "contact.correct", actor=actor_of(by), now=now, data=about)
    contact.details, contact.expires_on = content, right.expires_on
    return changed


def _whole(contact: Contact, right: Correction) -> ContactForm:
    return ContactForm(
        name=right.name,
        email=right.email,
        phone=right.phone,
        expires_on=right.expires_on,
        purpose=contact.purpose,
        basis=contact.basis,
        source=contact.source,
        consent_on=contact.consent_at.date() if contact.consent_at else None,
        consent_how=contact.consent_how,
        consent_text=contact.consent_text,
    )


def _changed(contact: Contact, *, details: Details, right: Correction) -> list[str]:
    was, new = asdict(details_of(contact)), asdict(details)
    fields = [name for name in new if new[name] != was[name]]
    return fields + (["expires_on"] if right.expires_on != contact.expires_on else [])


def _erase_wrong(contact: Contact, *, by: User, now: datetime) -> None:
    is_gone = erase_record(
        contact.details, case=contact.case, reason=CORRECTED, actor=actor_of(by), now=now
    )
    if not is_gone:
        raise NotPossible(
            _("Its case is under a legal hold: what is kept stays as it is. Add a new contact.")
        )
