"""What stands before the API: tokens, scopes, limits, names of requests, and one shape of problems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from amends.accounts.api_tokens import make_token, open_token, revoke_token
from amends.accounts.idempotency import (
    KEPT,
    PATIENCE,
    Begun,
    StillAtIt,
    begin_request,
    digest_request,
    forget_old_requests,
)
from amends.accounts.models import ApiToken, IdempotencyKey, Membership, User, Workspace
from amends.accounts.offboard import end_membership
from amends.cases.models import Case, Note
from amends.cases.triage import confirm_triage
from amends.record.models import ActionLog
from tests.web.api.conftest import Program, code_of
from tests.web.conftest import FORM

Make = Callable[..., Program]


def test_without_a_token_nothing_opens_not_even_with_a_session(case: Case, agent: User) -> None:
    client = Client()
    client.force_login(agent)
    answer = client.get("/api/v1/cases")
    assert (answer.status_code, code_of(answer)) == (401, "no_token")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("secret", ["", "amends_", "amends_x", "nonsense", "amends_" + "x" * 400])
def test_a_token_that_is_none_is_refused(secret: str, db: None) -> None:
    assert code_of(Program(secret or "x").get("/me")) == "no_token"


def test_a_revoked_and_an_expired_token_are_refused(
    agent: User, workspace: Workspace, program: Make, now: datetime
) -> None:
    desk = program(agent)
    assert desk.get("/me").status_code == 200
    token = ApiToken.objects.get()
    assert revoke_token(agent, workspace=workspace, pk=token.pk, now=now)
    assert code_of(desk.get("/me")) == "no_token"
    until = now + timedelta(hours=1)
    _token, secret = make_token(
        agent, workspace=workspace, label="x", scopes=["read"], expires_at=until, now=now
    )
    assert open_token(secret, now=until - timedelta(seconds=1))
    assert open_token(secret, now=until) is None


def test_somebody_else_cannot_revoke_a_token(
    agent: User, owner: User, workspace: Workspace, program: Make, now: datetime
) -> None:
    desk = program(agent)
    assert not revoke_token(owner, workspace=workspace, pk=ApiToken.objects.get().pk, now=now)
    assert desk.get("/me").status_code == 200


def test_who_leaves_takes_their_tokens_along(
    agent: User, owner: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    end_membership(Membership.objects.get(user=agent), by=owner, now=now)
    assert code_of(desk.get("/me")) == "no_token"
    assert ApiToken.objects.get().revoked_at is not None


def test_the_secret_is_kept_as_a_hash_only(agent: User, program: Make) -> None:
    desk = program(agent)
    token = ApiToken.objects.get()
    assert desk.secret not in str(vars(token))
    assert desk.secret.startswith(token.prefix)


def test_a_scope_that_the_token_lacks_is_refused(agent: User, case: Case, program: Make) -> None:
    desk = program(agent, scopes=["read"])
    assert desk.get(f"/cases/{case.public_id}").status_code == 200
    answer = desk.post(f"/cases/{case.public_id}/notes", {"text": "a"})
    assert (answer.status_code, code_of(answer)) == (403, "scope")


def test_a_scope_is_no_right(viewer: User, agent: User, case: Case, program: Make) -> None:
    desk = program(agent)
    Membership.objects.filter(user=agent).update(role="viewer")
    answer = desk.post(f"/cases/{case.public_id}/notes", {"text": "a"})
    assert (answer.status_code, code_of(answer)) == (403, "not_allowed")


def test_the_limit_is_told_with_every_answer_and_kept(
    agent: User, program: Make, settings: SimpleNamespace
) -> None:
    settings.API_PER_MINUTE = 2
    desk = program(agent)
    answers = [desk.get("/me") for _ in range(6)]  # a minute may begin among them, once
    assert {one["X-RateLimit-Limit"] for one in answers} == {"2"}
    refused = [one for one in answers if one.status_code == 429]
    assert refused
    assert code_of(refused[0]) == "too_many"
    assert 1 <= int(refused[0]["Retry-After"]) <= 61
    assert refused[0]["X-RateLimit-Remaining"] == "0"


def test_one_token_does_not_use_up_what_another_has(
    agent: User, program: Make, settings: SimpleNamespace
) -> None:
    settings.API_PER_MINUTE = 1
    first, second = program(agent), program(agent)
    for _ in range(3):
        first.get("/me")
    assert second.get("/me").status_code == 200


def test_the_same_request_under_the_same_key_is_done_once(
    agent: User, case: Case, program: Make
) -> None:
    desk = program(agent)
    path = f"/cases/{case.public_id}/notes"
    first, again = [desk.post(path, {"text": "a"}, Idempotency_Key="k-1") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Note.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(
    agent: User, case: Case, program: Make
) -> None:
    desk = program(agent)
    path = f"/cases/{case.public_id}/notes"
    desk.post(path, {"text": "a"}, Idempotency_Key="k-1")
    answer = desk.post(path, {"text": "b"}, Idempotency_Key="k-1")
    assert (answer.status_code, code_of(answer)) == (422, "other_request")
    assert Note.objects.count() == 1


def test_while_the_first_is_being_worked_on_the_second_waits(
    agent: User, case: Case, program: Make, now: datetime
) -> None:
    desk = program(agent)
    path = f"/cases/{case.public_id}/notes"
    digest = digest_request("POST", f"/api/v1{path}", b'{"text": "a"}')
    begin_request(ApiToken.objects.get(), key="k-1", digest=digest, now=now)
    answer = desk.post(path, {"text": "a"}, Idempotency_Key="k-1")
    assert (answer.status_code, code_of(answer)) == (409, "in_progress")
    assert answer["Retry-After"]


def test_what_was_refused_may_be_asked_again_under_the_same_key(
    agent: User, case: Case, program: Make
) -> None:
    desk = program(agent)
    path = f"/cases/{case.public_id}/notes"
    assert desk.post(path, {"text": ""}, Idempotency_Key="k-1").status_code == 422
    assert desk.post(path, {"text": "a"}, Idempotency_Key="k-1").status_code == 201


def test_what_a_crash_left_is_taken_over_and_a_day_later_all_is_forgotten(
    agent: User, program: Make, now: datetime
) -> None:
    program(agent)
    token = ApiToken.objects.get()
    begin_request(token, key="k", digest="d", now=now)
    with pytest.raises(StillAtIt):
        begin_request(token, key="k", digest="d", now=now + PATIENCE / 2)
    assert isinstance(begin_request(token, key="k", digest="d", now=now + PATIENCE), Begun)
    later = now + PATIENCE + KEPT
    assert isinstance(begin_request(token, key="k", digest="other", now=later), Begun)
    assert forget_old_requests(now=later + KEPT * 2) == 1
    assert not IdempotencyKey.objects.exists()


def test_the_log_names_the_token(agent: User, case: Case, program: Make) -> None:
    desk = program(agent)
    desk.post(f"/cases/{case.public_id}/notes", {"text": "a"})
    entry = ActionLog.objects.get(action="case.note")
    assert entry.actor_label == str(agent)
    assert entry.data["token"] == f"{desk.prefix}… (CRM)"


def test_making_and_revoking_is_logged_without_the_secret(
    agent: User, workspace: Workspace, program: Make, now: datetime
) -> None:
    desk = program(agent)
    revoke_token(agent, workspace=workspace, pk=ApiToken.objects.get().pk, now=now)
    entries = ActionLog.objects.filter(subject_kind="token").order_by("pk")
    assert [one.action for one in entries] == ["token.make", "token.revoke"]
    assert desk.secret not in str([vars(one) for one in entries])


def test_problems_name_the_field_in_english(agent: User, case: Case, program: Make) -> None:
    confirm_triage(case, form=FORM, by=agent, now=timezone.now())
    User.objects.filter(pk=agent.pk).update(language="tr")
    desk = program(agent)
    answer = desk.post(f"/cases/{case.public_id}/close", {"disposition": "resolved"})
    assert code_of(answer) == "invalid"
    assert answer.json()["errors"] == [{"field": "body.reason", "message": "Field required"}]
    answer = desk.post(f"/cases/{case.public_id}/close", {"disposition": "resolved", "reason": " "})
    assert code_of(answer) == "not_possible"
    assert "Say why" in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"a"'])
def test_a_body_that_is_no_object_is_refused(
    body: bytes, agent: User, case: Case, program: Make
) -> None:
    answer = program(agent).ask("POST", f"/cases/{case.public_id}/notes", body)
    assert answer.status_code in {400, 422}
    assert code_of(answer) in {"unreadable", "invalid"}


def test_a_body_beyond_measure_is_refused(agent: User, case: Case, program: Make) -> None:
    body = b'{"text": "' + b"a" * 3_000_000 + b'"}'
    desk = program(agent)
    path = f"/cases/{case.public_id}/notes"
    assert code_of(desk.ask("POST", path, body)) == "too_large"
    assert code_of(desk.ask("POST", path, body, Idempotency_Key="k")) == "too_large"


def test_an_unknown_address_and_method_are_told_apart(agent: User, program: Make) -> None:
    desk = program(agent)
    assert code_of(desk.get("/nothing")) == "not_found"
    answer = desk.ask("DELETE", "/cases")
    assert (answer.status_code, code_of(answer)) == (405, "method")
    assert "GET" in answer["Allow"]
    assert code_of(Program("").get("/nothing")) == "no_token"


@pytest.mark.parametrize("word", ["send", "approve", "hide", "delete", "ban", "block", "report"])
def test_no_address_sends_or_acts_against_a_comment(word: str) -> None:
    from amends.web.api.api import openapi_document

    document = openapi_document()
    assert not [path for path in document["paths"] if word in path.split("/")]
    methods = {method for path in document["paths"].values() for method in path}
    assert methods <= {"get", "post", "put", "delete"}
