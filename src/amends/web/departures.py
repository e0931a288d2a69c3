"""Departs from a recommendation on the page of a case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_override_decision
from amends.cases.in_force import playbook_in_force
from amends.cases.override_decision import Departure, override_decision
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action


@action(may=may_override_decision)
def depart(request: HttpRequest, number: int) -> HttpResponse:
    """Put something else in the place of the recommendation, with a reason."""
    found = find_case(request, number)

    def put() -> str:
        raw = request.POST.get("decision", "")
        override_decision(
            found,
            decision_id=int(raw) if raw.isdecimal() and len(raw) < 19 else -1,
            instead=_read(request),
            playbook=playbook_in_force(found.workspace_id),
            by=user_of(request),
            now=now_of(request),
        )
        return _("Noted: what you said counts instead of the recommendation.")

    return act(request, found, do=put, place="playbook")


def _read(request: HttpRequest) -> Departure:
    """The form; parts count only where somebody says that they are chosen one by one."""
    values = request.POST
    return Departure(
        reason=values.get("reason", ""),
        rule_id=values.get("rule", ""),
        strategy=tuple(values.getlist("part")) if values.get("own_parts") else None,
        priority=values.get("priority", ""),
        approval=values.get("approval", ""),
    )
