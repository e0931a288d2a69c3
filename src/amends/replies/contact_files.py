"""Contacts as files for other programs: CSV whose cells are no formulas, and vCard 4.0 (RFC 6350)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from amends.replies.contacts import details_of
from amends.replies.models import Contact

COLUMNS = (
    "name",
    "email",
    "phone",
    "brand",
    "purpose",
    "basis",
    "consent_at",
    "consent_text",
    "until",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OCTETS = 75


def contacts_as_csv(contacts: Iterable[Contact]) -> str:
    """One line each, with a head. A cell that a spreadsheet would calculate begins with an apostrophe."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for one in contacts:
        who = details_of(one)
        consent = one.consent_at.date().isoformat() if one.consent_at else ""
        cells = (
            *(who.name, who.email, who.phone, one.brand.name, one.purpose, one.basis),
            *(consent, one.consent_text, one.expires_on.isoformat()),
        )
        rows.writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def contacts_as_vcards(contacts: Iterable[Contact]) -> str:
    return "".join(_card(one) for one in contacts)


def _card(contact: Contact) -> str:
    who = details_of(contact)
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(who.name)}"]
    if who.email:
        lines.append(f"EMAIL:{_escaped(who.email)}")
    if who.phone:
        lines.append(f"TEL:{_escaped(who.phone)}")
    lines += [f"CATEGORIES:{_escaped(contact.purpose)}", "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _escaped(text: str) -> str:
    for char in ("\\", ",", ";"):
        text = text.replace(char, f"\\{char}")
    return " ".join(text.splitlines())


def _folded(line: str) -> str:
    """At most 75 octets a line, never within a character."""
    parts, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += char
        size += octets
    return "\r\n".join(parts)
