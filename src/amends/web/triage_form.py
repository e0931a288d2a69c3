"""Reads the triage form of the case page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from amends.cases.triage import TriageForm

_YES_NO = {"yes": True, "no": False, "": None}


class Unreadable(Exception):
    """A form holds something that is no answer; the message is for the person."""


def read_triage_form(values: Mapping[str, str]) -> TriageForm:
    """The form as the verb takes it; raises Unreadable for what cannot be read."""
    return TriageForm(
        category=values.get("category", ""),
        sentiment=values.get("sentiment", ""),
        is_complaint=_read_yes_no(values, "is_complaint") is True,
        severity=values.get("severity", ""),
        arousal=values.get("arousal", ""),
        fault_share=_read_share(values.get("fault_share", "")),
        fault_basis=values.get("fault_basis", ""),
        can_help=_read_yes_no(values, "can_help"),
        verdict_seen=_read_key(values.get("verdict", "")),
    )


def fill_triage_form(form: TriageForm, *, typed: Mapping[str, str]) -> dict[str, object]:
    """What stands in the form: what was typed and refused, else the suggestion."""
    if "category" in typed:
        return {**dict(typed.items()), "is_complaint": typed.get("is_complaint") == "yes"}
    words = {True: "yes", False: "no", None: ""}
    return {
        "category": form.category,
        "sentiment": form.sentiment,
        "is_complaint": form.is_complaint,
        "severity": form.severity,
        "arousal": form.arousal,
        "fault_share": "" if form.fault_share is None else str(form.fault_share),
        "fault_basis": form.fault_basis,
        "can_help": words[form.can_help],
    }


def _read_yes_no(values: Mapping[str, str], name: str) -> bool | None:
    raw = values.get(name, "")
    if raw not in _YES_NO:
        raise Unreadable(_("Choose one of the answers offered."))
    return _YES_NO[raw]


def _read_share(raw: str) -> int | None:
    raw = raw.strip().removesuffix("%").strip()
    if not raw:
        return None
    if not raw.isdecimal() or len(raw) > 4:
        raise Unreadable(
            _(
                "“%(value)s” is no share of the fault: write a number from 0 to 100, or leave it empty."
            )
            % {"value": raw[:20]}
        )
    return int(raw)


def _read_key(raw: str) -> int | None:
    return int(raw) if raw.isdecimal() and len(raw) < 19 else None
