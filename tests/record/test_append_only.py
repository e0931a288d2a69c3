"""What is append-only stays so for everybody: for our own code and for whoever talks to the database."""

# ruff: noqa: S608 - the names of tables and columns are our own
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from amends.accounts.models import (
    BrandProfile,
    BusinessHours,
    TextKind,
    TextVersion,
    User,
    Workspace,
)
from amends.cases.models import (
    Case,
    ClockPlan,
    Decision,
    DecisionOverride,
    Note,
    RoutingRules,
    Triage,
    Verdict,
)
from amends.inbox.models import Attachment, Comment, Mention, MentionQuery, Version
from amends.learning.models import Correction
from amends.measures.models import AppealLink, Confirmation, Measure, StatementOfReasons
from amends.record.append_only import AppendOnly, AppendOnlyError
from amends.record.keep import is_unaltered, keep_content
from amends.record.log import WORKER, Actor, Subject, log_action
from amends.record.models import ActionLog, Content, Evidence, LogBatch, LogLink, Redaction
from amends.record.redact import AlreadyRedacted, redact_content
from amends.record.triggers import MESSAGE
from amends.replies.models import (
    Agreement,
    ApprovalRequest,
    BystanderPass,
    Finding,
    Override,
    Reply,
    ReplyRevision,
)
from tests.support.append_only import another_value, guarded_models, guards_lifted, triggers_of
from tests.support.case_signs import SIGNS, signs_of
from tests.support.clock_rows import clock_rows
from tests.support.measure_rows import measure_rows
from tests.support.private_rows import PRIVATE, private_rows

MODELS = [ActionLog, LogBatch, LogLink, Redaction, Evidence, Version, Attachment]
MODELS += [Verdict, Triage, Decision, Note, ReplyRevision, MentionQuery, Mention, Correction]
MODELS += [Finding, Override, TextVersion, BystanderPass, BrandProfile, Agreement]
MODELS += [ClockPlan, BusinessHours, DecisionOverride, RoutingRules, *SIGNS]
MODELS += [Measure, Confirmation, StatementOfReasons, AppealLink, *PRIVATE]


@pytest.fixture
def rows(
    workspace: Workspace, agent: User, make_comment: Callable[..., Comment], now: datetime
) -> dict[type[models.Model], models.Model]:
    """One row of every guarded table."""
    comment = make_comment("Kargom nerede?")
    version = comment.versions.get()
    content = keep_content(workspace_id=workspace.pk, text="a", payload={}, now=now)
    entry = log_action("x.y", workspace_id=workspace.pk, actor=WORKER, subject=SUBJECT, now=now)
    seal = {"hash": "a", "signature": "b", "sealed_at": now}
    batch = LogBatch.objects.create(number=1, first_position=1, count=1, **seal)
    about = {"brand": comment.brand, "author": comment.author, "thread": comment.thread}
    times = {"created_at": now, "changed_at": now}
    case = Case.objects.create(workspace=workspace, number=900, comment=comment, **about, **times)
    verdict = Verdict.objects.create(
        workspace=workspace,
        version=version,
        engine="test",
        engine_version="0",
        language="tr",
        sentiment="negative",
        is_complaint=True,
        category="other",
        severity="low",
        assessment={},
        created_at=now,
    )
    triage = Triage.objects.create(
        workspace=workspace,
        case=case,
        version=version,
        sentiment="negative",
        is_complaint=True,
        category="other",
        severity="low",
        arousal="low",
        confirmed_by=agent,
        confirmed_at=now,
    )
    reply = Reply.objects.create(
        workspace=workspace,
        case=case,
        account=comment.account,
        comment=comment,
        version=version,
        begun_by=agent,
        begun_at=now,
        changed_at=now,
    )
    asked = ApprovalRequest.objects.create(
        workspace=workspace, reply=reply, revision=1, level="A2", asked_by=agent, asked_at=now
    )
    query = MentionQuery.objects.create(
        workspace=workspace, brand=comment.brand, version=1, changed_by=agent, changed_at=now
    )
    codes = {"rule_id": "D0", "priority": "P3", "approval": "A0", "decision": {}, "inputs": {}}
    named = {"playbook": "p", "playbook_version": "1", "playbook_digest": "d"}
    of_case = {"workspace": workspace, "case": case}
    decision = Decision.objects.create(**of_case, **codes, **named, created_at=now)
    made = [
        *clock_rows(case, by=agent, now=now),
        *private_rows(case, by=agent, now=now),
        *(entry, batch, verdict, triage, version, query, decision),
        DecisionOverride.objects.create(
            **of_case, decision=decision, reason="a", given_by=agent, given_at=now
        ),
        Mention.objects.create(
            workspace=workspace, version=version, mention_query=query, found_at=now
        ),
        LogLink.objects.create(position=1, entry_id=entry.pk, batch=batch, hash="a"),
        Redaction.objects.create(
            workspace_id=workspace.pk, content=content, at=now, actor_label="a", reason="b"
        ),
        Evidence.objects.create(
            workspace_id=workspace.pk,
            subject_kind="comment",
            subject_id="1",
            kind="payload",
            content=content,
            captured_at=now,
            captured_by="w",
            method="m",
            tool="t",
        ),
        Attachment.objects.create(
            version=version, position=7, kind="image", url="https://a.example"
        ),
        Note.objects.create(
            workspace=workspace, case=case, text="a", written_by=agent, written_at=now
        ),
        ReplyRevision.objects.create(
            reply=reply, number=1, text="a", edited_by=agent, edited_at=now
        ),
        Correction.objects.create(
            workspace=workspace,
            triage=triage,
            version=version,
            field="category",
            said="other",
            label="praise",
            is_change=True,
            engine="test",
            engine_version="0",
            confirmed_at=now,
        ),
        Finding.objects.create(
            workspace=workspace,
            reply=reply,
            revision=1,
            digest="a",
            code="Q03",
            reason="Q03",
            level="block",
            linter="tr 1",
            found_at=now,
        ),
        BrandProfile.objects.create(
            workspace=workspace, brand=comment.brand, version=900, changed_by=agent, changed_at=now
        ),
        BystanderPass.objects.create(
            workspace=workspace, reply=reply, revision=1, digest="a", read_by=agent, read_at=now
        ),
        TextVersion.objects.create(
            workspace=workspace,
            kind=TextKind.PLAYBOOK,
            number=900,
            text="a",
            digest="a",
            published_at=now,
        ),
        Agreement.objects.create(request=asked, person=agent, seat="lead", agreed_at=now),
        Override.objects.create(
            workspace=workspace,
            reply=reply,
            revision=1,
            digest="a",
            codes=["Q03"],
            reason="a",
            given_by=agent,
            given_at=now,
        ),
    ]
    made += signs_of(case, comment=comment, version=version, by=agent, now=now)
    by_kind = {type(row): row for row in made}
    evidence, text = by_kind[Evidence], by_kind[TextVersion]
    made = measure_rows(case, version=version, evidence=evidence, policy=text, by=agent, now=now)
    return {**by_kind, **{type(row): row for row in made}}


SUBJECT = Subject("case", "C-1", "C-1")


def raw(sql: str, *values: Any) -> None:
    """Speak to the database as a stranger with its password would, inside a savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_every_append_only_model_is_among_the_guarded_and_tested_ones() -> None:
    assert {model for model in guarded_models() if model is not Content} == set(MODELS)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [*MODELS, Content], ids=lambda model: model.__name__)
def test_every_guarded_table_has_its_triggers(model: type[models.Model]) -> None:
    table = model._meta.db_table
    found = triggers_of(table)
    expected = {f"{table}_no_update", f"{table}_no_delete"}
    expected.add(f"{table}_no_replace" if connection.vendor == "sqlite" else f"{table}_no_truncate")
    assert found == expected


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_column_can_be_changed_and_no_row_deleted_by_sql(
    model: type[models.Model], rows: dict[type[models.Model], models.Model]
) -> None:
    row, table = rows[model], model._meta.db_table
    for field in model._meta.concrete_fields:
        if issubclass(model, AppendOnly) and field.column in model.MUTABLE:
            continue
        with pytest.raises(IntegrityError, match=MESSAGE):
            raw(
                f'UPDATE "{table}" SET "{field.column}" = {another_value(field)} WHERE id = %s',
                row.pk,
            )
    with pytest.raises(IntegrityError, match=MESSAGE):
        raw(f'DELETE FROM "{table}" WHERE id = %s', row.pk)
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_row_cannot_be_replaced_or_the_table_emptied(
    model: type[models.Model], rows: dict[type[models.Model], models.Model]
) -> None:
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        sql = f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"'
    else:
        raw("SET CONSTRAINTS ALL IMMEDIATE")  # else the pending checks of this transaction refuse
        sql = f'TRUNCATE "{table}" CASCADE'
    with pytest.raises(IntegrityError, match=MESSAGE):
        raw(sql)


@pytest.mark.parametrize(
    "model", [one for one in MODELS if one is not Attachment], ids=lambda model: model.__name__
)
def test_the_orm_refuses_with_a_sentence(
    model: type[models.Model], rows: dict[type[models.Model], models.Model]
) -> None:
    row, everything = rows[model], model._default_manager.all()
    fields = (field.attname for field in model._meta.concrete_fields if not field.primary_key)
    name = next(field for field in fields if field not in model.MUTABLE)
    for forbidden in (
        row.save,
        row.delete,
        everything.delete,
        lambda: everything.update(**{name: None}),
        lambda: everything.bulk_update([row], [name]),
    ):
        with pytest.raises(AppendOnlyError, match="add a new one"):
            forbidden()


def test_a_version_still_takes_its_place_in_the_work_queue(
    rows: dict[type[models.Model], models.Model], now: datetime
) -> None:
    version = rows[Version]
    Version.objects.filter(pk=version.pk).update(
        next_step="classify", due_at=now, leased_until=now, lease_token="t", attempts=2
    )
    version.refresh_from_db()
    assert (version.next_step, version.attempts) == ("classify", 2)


def test_content_cannot_be_changed_deleted_or_emptied_without_its_redaction(
    workspace: Workspace, now: datetime
) -> None:
    content = keep_content(workspace_id=workspace.pk, text="Kargom", payload={"a": 1}, now=now)
    erased = {"text": "", "payload": "", "salt": "", "redacted_at": now}
    for values in ({"text": "Kargo"}, {"digest": "0"}, {"redacted_at": now}, erased):
        with pytest.raises(IntegrityError, match="only be redacted"), transaction.atomic():
            Content.objects.filter(pk=content.pk).update(**values)
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        content.delete()
    content.refresh_from_db()
    assert content.text == "Kargom"
    assert is_unaltered(content)


def test_redaction_erases_the_words_keeps_digest_and_time_and_is_logged(
    workspace: Workspace, now: datetime
) -> None:
    content = keep_content(workspace_id=workspace.pk, text="Kargom", payload={"a": 1}, now=now)
    digest = content.digest
    by = Actor.person(id="7", label="Deniz")
    redaction = redact_content(content, actor=by, reason="asked for erasure", now=now)
    kept = Content.objects.get(pk=content.pk)
    assert (kept.text, kept.payload, kept.salt, kept.digest) == ("", "", "", digest)
    assert kept.is_redacted
    assert is_unaltered(kept) is None
    assert redaction.actor_label == "Deniz"
    entry = ActionLog.objects.get(action="content.redact")
    assert entry.data == {"reason": "asked for erasure", "digest": digest}
    with pytest.raises(AlreadyRedacted):
        redact_content(kept, actor=by, reason="again", now=now)
    assert Redaction.objects.count() == ActionLog.objects.filter(action="content.redact").count()


def test_a_redacted_content_cannot_be_filled_again(workspace: Workspace, now: datetime) -> None:
    content = keep_content(workspace_id=workspace.pk, text="Kargom", payload={}, now=now)
    redact_content(content, actor=WORKER, reason="asked", now=now)
    with pytest.raises(IntegrityError, match="only be redacted"), transaction.atomic():
        Content.objects.filter(pk=content.pk).update(text="Other words")


def test_a_redaction_that_cannot_be_logged_erases_nothing(
    workspace: Workspace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = keep_content(workspace_id=workspace.pk, text="Kargom", payload={}, now=now)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("amends.record.redact.log_action", broken)
    with pytest.raises(OSError, match="disk full"):
        redact_content(content, actor=WORKER, reason="asked", now=now)
    content = Content.objects.get(pk=content.pk)
    assert (content.text, Redaction.objects.count()) == ("Kargom", 0)


def test_a_redaction_without_a_reason_is_refused(workspace: Workspace, now: datetime) -> None:
    content = keep_content(workspace_id=workspace.pk, text="Kargom", payload={}, now=now)
    with pytest.raises(ValueError, match="reason"):
        redact_content(content, actor=WORKER, reason=" ", now=now)


def test_words_that_a_database_cannot_hold_stay_in_the_payload(
    workspace: Workspace, now: datetime
) -> None:
    payload = {"text": "a\x00b\ud800c"}
    content = keep_content(
        workspace_id=workspace.pk, text=payload["text"], payload=payload, now=now
    )
    content.refresh_from_db()
    assert content.text == "a\ufffdb\ufffdc"
    assert "\\u0000" in content.payload
    assert "\\ud800" in content.payload
    assert is_unaltered(content)


@pytest.mark.parametrize("bad", [float("nan"), 1e16, {1: "a"}, object(), b"a"])
def test_the_log_refuses_values_that_would_come_back_changed(
    bad: Any, workspace: Workspace, now: datetime
) -> None:
    with pytest.raises((TypeError, ValueError)):
        log_action(
            "x.y",
            workspace_id=workspace.pk,
            actor=WORKER,
            subject=SUBJECT,
            now=now,
            data={"value": bad},
        )


@pytest.mark.django_db(transaction=True)
def test_tests_may_lift_the_guards_and_get_them_back(now: datetime) -> None:
    log_action("x.y", workspace_id=1, actor=WORKER, subject=SUBJECT, now=now)
    before = triggers_of("record_actionlog")
    with guards_lifted(connection):
        raw("DELETE FROM record_actionlog")
    assert triggers_of("record_actionlog") == before
    log_action("x.y", workspace_id=1, actor=WORKER, subject=SUBJECT, now=now)
    with pytest.raises(IntegrityError, match=MESSAGE):
        raw("DELETE FROM record_actionlog")
