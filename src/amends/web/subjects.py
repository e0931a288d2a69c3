"""Where the page of a subject is: of what the log and notices name by kind and public id."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def subject_address(kind: str, public_id: str) -> str:
    """The address of a case by its public id, of the webhooks; empty for what has no page of its own."""
    if kind == "webhook":
        return reverse("webhooks")
    number = public_id.removeprefix("C-")
    if kind != "case" or not number.isdecimal() or len(number) > 9:
        return ""
    try:
        return reverse("case", args=[int(number)])
    except NoReverseMatch:
        return ""
