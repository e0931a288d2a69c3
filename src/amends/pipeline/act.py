"""What a person does on a page and the step that follows from it at once, so that the page shows it.

If the process dies between the two, the step is still waiting in the row and the worker does it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.accounts.models import User
from amends.cases.decide import recommend
from amends.cases.models import Case, Triage
from amends.cases.triage import TriageForm, confirm_triage
from amends.cases.welfare import note_hostile_taken_on
from amends.measures.strikes import count_strikes
from amends.pipeline.desk import Desk


def triage_and_decide(
    case: Case, *, form: TriageForm, by: User, now: datetime, desk: Desk
) -> Triage:
    """Confirm the triage and refresh the recommendation."""
    triage = confirm_triage(case, form=form, by=by, now=now)
    with transaction.atomic():
        note_hostile_taken_on(case, by=by, now=now)
        recommend(case, playbook=desk.playbook(case.workspace_id), now=now, strikes=count_strikes)
    return triage


def decide_anew(case: Case, *, now: datetime, desk: Desk) -> None:
    """Refresh the recommendation after something about an open case was said."""
    with transaction.atomic():
        recommend(case, playbook=desk.playbook(case.workspace_id), now=now, strikes=count_strikes)
