"""The contact base: purpose, basis, consent, end; who complained is no lead."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.accounts.models import Brand, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.hold_legally import place_legal_hold
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.record.models import ActionLog
from amends.replies.contact_files import _folded, _harmless, contacts_as_csv, contacts_as_vcards
from amends.replies.contacts import (
    ContactForm,
    Details,
    add_contact,
    contacts_for_export,
    contacts_visible_to,
    details_of,
    erase_contact,
    expire_contacts,
)
from amends.replies.correct_contact import Correction, correct_contact
from amends.replies.models import Contact

FORM = ContactForm(
    name="Ayşe K.",
    email="ayse@ornek.test",
    purpose="complaint",
    basis="contract",
    source="private",
    expires_on=date(2026, 9, 1),
)
AGREED = replace(
    FORM,
    name="Can D.",
    email="can@ornek.test",
    purpose="marketing",
    basis="consent",
    consent_on=date(2026, 3, 1),
    consent_how="ticked in the shop",
    consent_text="newsletter 3",
)


@pytest.fixture
def add(brand: Brand, agent: User, now: datetime) -> Callable[..., Contact]:
    def make(form: ContactForm = FORM, case: Case | None = None) -> Contact:
        return add_contact(brand, form=form, case=case, by=agent, now=now)

    return make


def test_a_marketing_list_holds_nobody_who_only_complained(
    add: Callable[..., Contact], workspace: Workspace, owner: User, now: datetime
) -> None:
    add()
    add(replace(FORM, purpose="service", name="Elif"))
    agreed = add(AGREED)
    found = contacts_for_export(owner, workspace=workspace, purpose="marketing", now=now)
    assert found == [agreed]
    text = contacts_as_csv(found) + contacts_as_vcards(found)
    assert "ayse@ornek.test" not in text
    assert "can@ornek.test" in text
    entry = ActionLog.objects.get(action="contact.export")
    assert entry.data == {"purpose": "marketing", "count": 1}
    for purpose in ("complaint", "", "all"):
        with pytest.raises(NotPossible):
            contacts_for_export(owner, workspace=workspace, purpose=purpose, now=now)


def test_who_has_expired_or_was_erased_is_on_no_list(
    add: Callable[..., Contact], workspace: Workspace, owner: User, now: datetime
) -> None:
    add(replace(AGREED, expires_on=date(2026, 4, 1)))
    gone = add(AGREED)
    erase_contact(gone, reason="asked", by=owner, now=now)
    later = now + timedelta(days=40)
    assert contacts_for_export(owner, workspace=workspace, purpose="marketing", now=later) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"email": "", "phone": ""},
        {"email": "no address"},
        {"purpose": "fun"},
        {"basis": ""},
        {"source": "dark web"},
        {"expires_on": date(2026, 3, 10)},
        {"expires_on": date(2030, 1, 1)},
        {"purpose": "marketing"},
        {"basis": "consent"},
        {"basis": "consent", "consent_on": date(2026, 3, 1), "consent_how": "ticked"},
        {
            "basis": "consent",
            "consent_on": date(2027, 3, 1),
            "consent_how": "a",
            "consent_text": "b",
        },
    ],
)
def test_nobody_is_kept_without_purpose_basis_and_end(
    change: dict[str, object], add: Callable[..., Contact]
) -> None:
    with pytest.raises(NotPossible):
        add(replace(FORM, **change))
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("who", "may_add", "may_read", "may_export", "may_erase"),
    [
        ("agent", True, True, False, False),
        ("lead", True, True, True, True),
        ("counsel", False, True, False, True),
        ("viewer", False, False, False, False),
        ("stranger", False, False, False, False),
    ],
)
def test_each_role_may_what_it_needs(
    who: str,
    may_add: bool,
    may_read: bool,
    may_export: bool,
    may_erase: bool,
    add: Callable[..., Contact],
    brand: Brand,
    now: datetime,
    request: pytest.FixtureRequest,
) -> None:
    person, contact = request.getfixturevalue(who), add()
    assert contacts_visible_to(person, workspace=brand.workspace).exists() == may_read
    deeds = (
        (may_add, lambda: add_contact(brand, form=AGREED, case=None, by=person, now=now)),
        (may_export, lambda: contacts_for_export(
            person, workspace=brand.workspace, purpose="marketing", now=now)),
        (may_erase, lambda: erase_contact(contact, reason="a", by=person, now=now)),
    )  # fmt: skip
    for may, deed in deeds:
        if may:
            deed()
        else:
            with pytest.raises(NotAllowed):
                deed()


def test_a_contact_of_a_restricted_case_is_seen_by_who_may_see_the_case(
    add: Callable[..., Contact], make_case: Callable[..., Case], agent: User, lead: User,
    workspace: Workspace,
) -> None:  # fmt: skip
    add(FORM, case=make_case(lane="legal"))
    assert not contacts_visible_to(agent, workspace=workspace).exists()
    assert contacts_visible_to(lead, workspace=workspace).exists()


def test_the_clock_erases_on_the_day_and_keeps_what_a_legal_hold_asks_for(
    add: Callable[..., Contact], make_case: Callable[..., Case], owner: User, counsel: User,
    now: datetime,
) -> None:  # fmt: skip
    case = make_case()
    held, free = add(FORM, case=case), add()
    place_legal_hold(
        case, reason="A lawsuit", counsel=counsel, review_on=date(2027, 1, 1), by=owner, now=now
    )
    assert expire_contacts(now=datetime(2026, 8, 31, 23, tzinfo=now.tzinfo)) == 0
    on_the_day = datetime(2026, 9, 1, 1, tzinfo=now.tzinfo)
    assert expire_contacts(now=on_the_day) == 1
    assert expire_contacts(now=on_the_day) == 0
    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.erased_at, free.erased_at) == (None, on_the_day)
    assert details_of(free).email == ""
    assert details_of(held).email == "ayse@ornek.test"
    with pytest.raises(NotPossible):
        erase_contact(held, reason="asked", by=owner, now=now)


def test_erasing_needs_a_reason_and_leaves_the_deed_alone_in_the_log(
    add: Callable[..., Contact], owner: User, now: datetime
) -> None:
    contact = add()
    with pytest.raises(NotPossible):
        erase_contact(contact, reason=" ", by=owner, now=now)
    erase_contact(contact, reason="They asked for it", by=owner, now=now)
    with pytest.raises(NotPossible):
        erase_contact(contact, reason="Again", by=owner, now=now)
    logged = " ".join(str(one.data) for one in ActionLog.objects.all())
    assert "They asked for it" in logged
    assert "ayse" not in logged.casefold()


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_is_a_formula(name: str, add: Callable[..., Contact]) -> None:
    add(replace(AGREED, name=f"{name}", phone="+90 532"))
    rows = list(csv.reader(io.StringIO(contacts_as_csv(Contact.objects.all()))))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in rows[1])
    assert _harmless(name).startswith("'")


@given(st.text(max_size=200))
def test_folded_lines_are_short_and_unfold_to_what_they_were(text: str) -> None:
    line = "FN:" + " ".join(text.splitlines())
    folded = _folded(line)
    assert folded.replace("\r\n ", "") == line
    assert all(len(part.encode("utf-8", "surrogatepass")) <= 75 for part in folded.split("\r\n"))


def test_a_card_escapes_what_would_break_it(add: Callable[..., Contact]) -> None:
    add(replace(FORM, name="Ayşe; K, \\"))
    card = contacts_as_vcards(Contact.objects.all())
    assert "FN:Ayşe\\; K\\, \\\\\r\n" in card
    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n")


def right(contact: Contact, **changes: object) -> Correction:
    return replace(
        Correction(
            name="Ayşe K.",
            email="ayse@ornek.test",
            expires_on=FORM.expires_on,
            seen=contact.details_id,
        ),
        **changes,
    )


def test_what_is_corrected_is_kept_and_what_was_wrong_is_gone_for_good(
    add: Callable[..., Contact], agent: User, now: datetime
) -> None:
    contact = add()
    wrong = contact.details
    change = right(contact, name="Ayşe Kaya", email="ayse.kaya@ornek.test", phone="+90 532 1")
    assert correct_contact(contact, right=change, by=agent, now=now) == ["name", "email", "phone"]
    contact = Contact.objects.select_related("details").get()
    assert details_of(contact) == Details("Ayşe Kaya", "ayse.kaya@ornek.test", "+90 532 1")
    wrong.refresh_from_db()
    assert wrong.is_redacted
    assert "ayse" not in wrong.payload
    entry = ActionLog.objects.get(action="contact.correct")
    assert entry.data["fields"] == ["name", "email", "phone"]
    logged = " ".join(str(one.data) for one in ActionLog.objects.all()).casefold()
    assert "ayse" not in logged
    assert "kaya" not in logged
    assert "532" not in logged


def test_only_the_day_changes_without_erasing_anything(
    add: Callable[..., Contact], agent: User, now: datetime
) -> None:
    contact = add()
    change = right(contact, expires_on=date(2026, 8, 1))
    assert correct_contact(contact, right=change, by=agent, now=now) == ["expires_on"]
    assert correct_contact(contact, right=change, by=agent, now=now) == []
    assert ActionLog.objects.filter(action="contact.correct").count() == 1
    assert not contact.details.is_redacted


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"email": "", "phone": ""},
        {"email": "no address"},
        {"expires_on": date(2026, 3, 10)},
        {"expires_on": date(2030, 1, 1)},
    ],
)
def test_a_correction_keeps_what_every_contact_needs(
    change: dict[str, object], add: Callable[..., Contact], agent: User, now: datetime
) -> None:
    contact = add()
    with pytest.raises(NotPossible):
        correct_contact(contact, right=right(contact, **change), by=agent, now=now)
    assert details_of(Contact.objects.get()).email == "ayse@ornek.test"


def test_of_two_who_correct_at_once_one_looks_again(
    add: Callable[..., Contact], agent: User, owner: User, now: datetime
) -> None:
    contact = add()
    stale = Contact.objects.select_related("details").get()
    correct_contact(contact, right=right(contact, name="Ayşe Kaya"), by=agent, now=now)
    with pytest.raises(NotPossible, match="meantime"):
        correct_contact(stale, right=right(stale, name="Ayşe Kara"), by=owner, now=now)
    gone = Contact.objects.select_related("details").get()
    erase_contact(gone, reason="asked", by=owner, now=now)
    with pytest.raises(NotPossible, match="meantime"):
        correct_contact(gone, right=right(gone, name="Ayşe"), by=owner, now=now)


def test_a_legal_hold_keeps_what_was_wrong(
    add: Callable[..., Contact], make_case: Callable[..., Case], owner: User, counsel: User,
    now: datetime,
) -> None:  # fmt: skip
    case = make_case()
    contact = add(FORM, case=case)
    place_legal_hold(
        case, reason="A lawsuit", counsel=counsel, review_on=date(2027, 1, 1), by=owner, now=now
    )
    with pytest.raises(NotPossible, match="legal hold"):
        correct_contact(contact, right=right(contact, name="Ayşe Kaya"), by=owner, now=now)
    assert details_of(Contact.objects.get()).name == "Ayşe K."


@pytest.mark.parametrize(
    ("who", "may"),
    [("agent", True), ("lead", True), ("counsel", False), ("viewer", False), ("stranger", False)],
)
def test_who_adds_contacts_corrects_them(
    who: str, may: bool, add: Callable[..., Contact], now: datetime, request: pytest.FixtureRequest
) -> None:
    contact, person = add(), request.getfixturevalue(who)
    change = right(contact, name="Ayşe Kaya")
    if may:
        assert correct_contact(contact, right=change, by=person, now=now) == ["name"]
    else:
        with pytest.raises(NotAllowed):
            correct_contact(contact, right=change, by=person, now=now)
