"""One row of each table that a case leads to beside its matter: troll test, silence, fight, advocate."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from amends.accounts.models import User
from amends.cases.models import (
    Advocate,
    Case,
    Disposition,
    Fight,
    SilenceLook,
    SilenceProposal,
    SilenceRuling,
    TrollAnswer,
    TrollRuling,
    TrollTest,
)
from amends.inbox.models import Comment, Version

SIGNS: list[type[models.Model]] = [
    *(TrollTest, TrollAnswer, TrollRuling, Disposition, Fight, Advocate),
    *(SilenceProposal, SilenceRuling, SilenceLook),
]


def signs_of(
    case: Case, *, comment: Comment, version: Version, by: User, now: datetime
) -> list[models.Model]:
    """A troll test, a silence, a fight and an advocate, each with all that follows from it."""
    of_case = {"workspace": case.workspace, "case": case}
    test = TrollTest.objects.create(
        **of_case,
        version=version,
        is_on_topic=False,
        has_concern=False,
        is_constructive=False,
        conduct="a",
        taken_by=by,
        taken_at=now,
    )
    proposal = SilenceProposal.objects.create(
        **of_case, version=version, ground="troll", reason="a", proposed_by=by, proposed_at=now
    )
    ending = Disposition.objects.create(
        **of_case, code="silence", reason="a", closed_by=by, agreed_by=by, closed_at=now
    )
    here = {"workspace": case.workspace}
    return [
        *(test, proposal, ending),
        TrollAnswer.objects.create(**here, test=test, experience="none", noted_by=by, noted_at=now),
        TrollRuling.objects.create(**here, test=test, ruled="confirmed", ruled_by=by, ruled_at=now),
        SilenceRuling.objects.create(
            **here, proposal=proposal, is_agreed=True, ruled_by=by, ruled_at=now
        ),
        SilenceLook.objects.create(
            **here, disposition=ending, still_holds=True, looked_by=by, looked_at=now
        ),
        Fight.objects.create(
            **of_case, thread=comment.thread, turns=4, authors=2, found_by=by, found_at=now
        ),
        Advocate.objects.create(
            **here, comment=comment, is_advocate=True, marked_by=by, marked_at=now
        ),
    ]
