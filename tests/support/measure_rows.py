"""One row of each table of measures, written past the guard: for tests of tables, never of measures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from amends.accounts.models import User
from amends.cases.models import Case
from amends.inbox.models import Version
from amends.measures.models import AppealLink, Confirmation, Measure, StatementOfReasons


def measure_row(
    case: Case,
    *,
    version: Version,
    evidence: Any,
    policy: Any,
    by: User,
    now: datetime,
    **values: Any,
) -> Measure:
    """A measure as somebody with the password of the database would write it."""
    fields = {
        "workspace": case.workspace,
        "case": case,
        "account": version.comment.account,
        "comment": version.comment,
        "version": version,
        "author": version.comment.author,
        "evidence": evidence,
        "kind": "hide",
        "policy": policy,
        "clause": "hate",
        "ground": "hate",
        "tier": "A",
        "words": [[0, 3]],
        "is_criticism": False,
        "level": "A1",
        "is_confirmed_before": False,
        "mode": "api",
        "key": "a" * 32,
        "acted_by": by,
        "acted_at": now,
        "status": "ready",
    }
    row: Measure = Measure.objects.create(**{**fields, **values})
    return row


def measure_rows(
    case: Case, *, version: Version, evidence: Any, policy: Any, by: User, now: datetime
) -> list[models.Model]:
    measure = measure_row(case, version=version, evidence=evidence, policy=policy, by=by, now=now)
    statement = StatementOfReasons.objects.create(
        measure=measure,
        language="en",
        action="hide",
        territory="a",
        facts="b",
        automated_detection=False,
        clause_title="c",
        clause_rule="d",
        text="e",
        made_at=now,
    )
    return [
        measure,
        Confirmation.objects.create(measure=measure, by=by, at=now),
        statement,
        AppealLink.objects.create(statement=statement, token_hash="a", made_at=now, expires_at=now),
    ]
