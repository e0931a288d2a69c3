"""Every resource does what its page does, for those who may, and tells nobody else that it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from amends.accounts.models import Membership, User, Workspace
from amends.cases.models import Case, Lane, Note, Triage
from amends.cases.working_views import VIEWS
from amends.inbox.models import Comment
from amends.replies.bystander import STATEMENTS
from amends.replies.models import Delivery, Reply
from amends.web.api.cases import View
from amends.web.api.drafts import Statement
from tests.web.api.conftest import Program, code_of
from tests.web.conftest import judge

Make = Callable[..., Program]
SAID = {
    "category": "business_error",
    "sentiment": "negative",
    "is_complaint": True,
    "severity": "high",
    "arousal": "high",
}
TEXT = "Merhaba Ayşe Hanım, paketiniz bugün saat 17.00'ye kadar yola çıkıyor. Özür dileriz. Mert"


def test_the_views_are_those_of_the_inbox() -> None:
    assert set(View) == set(VIEWS)


def test_the_statements_are_those_of_the_bystander_pass() -> None:
    assert tuple(Statement) == STATEMENTS


def test_whose_token_it_is(lead: User, workspace: Workspace, program: Make) -> None:
    said = program(lead, scopes=["read", "note"]).get("/me").json()
    assert said["person"] == {"id": lead.pk, "name": "Lead"}
    assert (said["role"], said["scopes"]) == ("lead", ["read", "note"])
    assert said["workspace"] == workspace.name


def test_channels_brands_and_colleagues_have_their_ids(
    case: Case, agent: User, owner: User, viewer: User, program: Make
) -> None:
    desk = program(agent)
    (channel,) = desk.get("/channels").json()["channels"]
    assert (channel["kind"], channel["brand"]["name"]) == ("manual", "Lumen")
    assert [one["id"] for one in desk.get("/brands").json()["brands"]] == [case.brand_id]
    people = desk.get("/colleagues").json()["colleagues"]
    assert {one["id"] for one in people} == {agent.pk, owner.pk}


def test_the_list_narrows_by_what_is_asked(
    make_case: Callable[..., Case], agent: User, program: Make
) -> None:
    first, second = make_case(external_id="c-1"), make_case(external_id="c-2")
    Case.objects.filter(pk=second.pk).update(assignee=agent, priority="P1", language="tr")
    desk = program(agent)

    def ids(query: str) -> list[str]:
        return [one["id"] for one in desk.get(f"/cases?{query}").json()["cases"]]

    assert set(ids("")) == {first.public_id, second.public_id}
    for query in ("view=mine", "assignee=me", "priority=P1", "language=tr"):
        assert ids(query) == [second.public_id]
    assert ids("assignee=nobody") == [first.public_id]
    assert ids(f"assignee={agent.pk}&priority=P2") == []
    assert ids(f"author={first.author_id}&brand={first.brand_id}&status=new&lane=open") != []
    assert ids("changed_since=2040-01-01T00:00:00Z") == []
    assert code_of(desk.get("/cases?view=nothing")) == "invalid"
    assert code_of(desk.get("/cases?limit=101")) == "invalid"


@pytest.mark.parametrize("sort", ["changed", "due", "number"])
def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    sort: str, make_case: Callable[..., Case], agent: User, program: Make, now: datetime
) -> None:
    made = [make_case(external_id=f"c-{number}") for number in range(5)]
    Case.objects.filter(pk__in=[made[1].pk, made[3].pk]).update(first_reply_due_at=None)
    desk = program(agent)
    seen: list[str] = []
    cursor = ""
    for _page in range(5):
        answer = desk.get(f"/cases?sort={sort}&limit=2&cursor={cursor}").json()
        seen += [one["id"] for one in answer["cases"]]
        if not answer["next"]:
            break
        cursor = answer["next"]
    assert sorted(seen) == sorted(one.public_id for one in made)


@pytest.mark.parametrize("cursor", ["x", "e30", "WyJudW1iZXIiLCIiLDFd", "%00", "W10", "bnVsbA"])
def test_a_cursor_of_another_list_is_refused(cursor: str, agent: User, program: Make) -> None:
    assert code_of(program(agent).get(f"/cases?cursor={cursor}")) == "invalid"


def test_a_case_is_told_whole(case: Case, agent: User, program: Make) -> None:
    judge(case.comment.versions.get())
    desk = program(agent)
    desk.post(f"/cases/{case.public_id}/notes", {"text": "called the depot"})
    said = desk.get(f"/cases/{case.public_id}").json()
    (comment,) = said["conversation"]
    assert (said["text"], comment["text"]) == ("Kargom nerede?", "Kargom nerede?")
    assert comment["versions"][0]["digest"]
    assert said["verdict"]["assessment"]["category"]["label"] == "business_error"
    assert said["notes"][0]["text"] == "called the depot"
    assert said["clocks"]["first_reply_due_at"].endswith(("Z", "+00:00"))
    assert said["url"].endswith(f"/cases/{case.public_id}/")


def test_a_comment_and_its_author_are_told(case: Case, agent: User, program: Make) -> None:
    desk = program(agent)
    (listed,) = desk.get(f"/comments?case={case.public_id}").json()["comments"]
    whole = desk.get(f"/comments/{listed['id']}").json()
    assert (whole["case"], len(whole["versions"])) == (case.public_id, 1)
    author = desk.get(f"/authors/{whole['author']['id']}").json()
    assert author["cases"] == [case.public_id]
    assert desk.get("/comments?external_id=none").json() == {"comments": [], "next": None}


def test_comments_are_paged_too(make_case: Callable[..., Case], agent: User, program: Make) -> None:
    for number in range(3):
        make_case(external_id=f"c-{number}")
    desk = program(agent)
    first = desk.get("/comments?limit=2").json()
    rest = desk.get(f"/comments?limit=2&cursor={first['next']}").json()
    assert len({one["id"] for one in first["comments"] + rest["comments"]}) == 3
    assert rest["next"] is None


def test_what_nobody_has_judged_is_not_told_yet(
    make_comment: Callable[..., Comment], agent: User, program: Make
) -> None:
    comment = make_comment("Gizli?")
    assert code_of(program(agent).get(f"/comments/{comment.pk}")) == "not_found"


def test_the_work_of_a_day(case: Case, agent: User, other_agent: User, program: Make) -> None:
    desk = program(agent)
    path = f"/cases/{case.public_id}"
    assert desk.post(f"{path}/assign", {"to": other_agent.pk}).json()["assignee"]["id"] == (
        other_agent.pk
    )
    assert desk.post(f"{path}/assign", {"to": None}).json()["assignee"] is None
    assert desk.post(f"{path}/triage", SAID).json()["status"] == "triaged"
    assert Triage.objects.get().confirmed_by == agent
    closing = {"disposition": "not_ours", "reason": "Another shop is meant."}
    assert desk.post(f"{path}/close", closing).json()["status"] == "no_action"
    assert code_of(desk.post(f"{path}/close", closing)) == "not_possible"
    assert desk.post(f"{path}/reopen").json()["status"] == "new"
    assert (
        code_of(desk.post(f"{path}/close", closing | {"disposition": "silence"})) == "not_possible"
    )
    duplicate = closing | {"disposition": "duplicate", "duplicate_of": "C-999"}
    assert code_of(desk.post(f"{path}/close", duplicate)) == "not_found"
    assert code_of(desk.post(f"{path}/assign", {"to": 10**6})) == "not_found"
    assert code_of(desk.post(f"{path}/triage", SAID | {"fault_share": 40})) == "not_possible"


def test_a_draft_is_written_linted_and_handed_over_but_never_sent(
    case: Case, agent: User, other_agent: User, program: Make
) -> None:
    desk = program(agent)
    path = f"/cases/{case.public_id}"
    assert code_of(desk.get(f"{path}/draft")) == "not_found"
    assert code_of(desk.post(f"{path}/draft", {"text": "a"})) == "not_possible"  # no triage yet
    desk.post(f"{path}/triage", SAID)
    begun = desk.post(f"{path}/draft", {"text": "Merhaba"})
    assert (begun.status_code, begun["ETag"]) == (201, '"1"')
    assert code_of(desk.post(f"{path}/draft", {})) == "not_possible"
    written = desk.put(f"{path}/draft", {"text": TEXT}, If_Match='"1"')
    assert (written["ETag"], written.json()["text"]) == ('"2"', TEXT)
    linted = desk.post(f"{path}/draft/lint").json()
    assert linted["verdict"] in {"clean", "warn", "block"}
    handed = desk.post(
        f"{path}/draft/ask",
        {"agreed": list(STATEMENTS), "override": "The depot has confirmed the time."},
        If_Match=written["ETag"],
    )
    assert handed.json()["status"] == "awaiting_approval", handed.content
    assert not Delivery.objects.exists()


def test_nothing_that_somebody_else_wrote_is_overwritten(
    draft: Reply, case: Case, agent: User, program: Make
) -> None:
    desk = program(agent)
    path = f"/cases/{case.public_id}/draft"
    assert code_of(desk.put(path, {"text": "b"})) == "no_if_match"
    for stale in ('"0"', '"7"', "W/x", '"²"'):
        answer = desk.put(path, {"text": "b"}, If_Match=stale)
        assert (answer.status_code, code_of(answer)) == (412, "changed")
    assert desk.put(path, {"text": "b"}, If_Match='"0"')["ETag"] == '"1"'
    draft.refresh_from_db()
    assert draft.text == "Merhaba Ayşe Hanım"
    answer = desk.post(f"{path}/ask", {"agreed": []}, If_Match='"0"')
    assert code_of(answer) == "changed"
    assert code_of(desk.post(f"{path}/ask", {"agreed": []}, If_Match="*")) == "not_possible"


def test_a_lint_of_any_text(agent: User, program: Make) -> None:
    desk = program(agent)
    said = desk.post(
        "/lint",
        {
            "reply": "We will get back to you as soon as possible.",
            "comment": "Where is my parcel?",
            "context": {"channel": "x", "public": True},
            "language": "en",
        },
    ).json()
    assert said["verdict"] in {"warn", "block"}
    assert said["findings"][0]["message"]
    broken = desk.post("/lint", {"reply": "a", "context": {"fault_share": "much"}})
    assert code_of(broken) == "invalid"


def test_an_assessment_of_any_text(agent: User, program: Make) -> None:
    desk = program(agent)
    said = desk.post("/assess", {"text": "Kargom altı gündür yok, kimse açmıyor!"}).json()
    assert said["language"]["code"] == "tr"
    assert isinstance(said["category"]["sure"], bool)
    assert code_of(desk.post("/assess", {"text": "\u200b"})) == "invalid"
    assert not Comment.objects.exists()


def test_without_a_policy_there_is_nothing_public(agent: User, program: Make) -> None:
    desk = program(agent)
    assert code_of(desk.get("/policy")) == "not_found"
    assert code_of(desk.get("/transparency")) == "not_found"


READS = ("/cases/{case}", "/cases/{case}/notes", "/cases/{case}/draft", "/comments?case={case}")
WRITES = ("notes", "assign", "triage", "close", "reopen", "draft", "draft/lint", "draft/ask")
BODIES: dict[str, Any] = {
    "notes": {"text": "a"},
    "assign": {"to": None},
    "triage": SAID,
    "close": {"disposition": "not_ours", "reason": "a"},
    "draft/ask": {"agreed": []},
}


def asked(desk: Program, case: Case) -> dict[str, Any]:
    """What each address answers about a case."""
    answers = {path: desk.get(path.format(case=case.public_id)) for path in READS}
    answers["/comments/{id}"] = desk.get(f"/comments/{case.comment_id}")
    answers["/authors/{id}"] = desk.get(f"/authors/{case.author_id}")
    for word in WRITES:
        path = f"/cases/{case.public_id}/{word}"
        answers[word] = desk.post(path, BODIES.get(word, {}), If_Match='"0"')
    return answers


@pytest.mark.parametrize("lane", [one for one in Lane.values if one != "open"])
def test_a_restricted_case_looks_like_none(
    lane: str, case: Case, agent: User, lead: User, program: Make
) -> None:
    Case.objects.filter(pk=case.pk).update(lane=lane)
    desk = program(agent)
    for path, answer in asked(desk, case).items():
        assert (answer.status_code, code_of(answer)) == (404, "not_found"), path
        assert "Kargom" not in answer.content.decode()
    missing = Case(number=999, comment_id=10**6, author_id=10**6)
    unknown = asked(desk, missing)
    for path, answer in asked(desk, case).items():
        assert answer.content == unknown[path].content, path
    for path in ("/cases", "/comments"):
        assert not next(iter(desk.get(path).json().values()))
    assert program(lead).get(f"/cases/{case.public_id}").status_code == 200


def test_somebody_of_another_workspace_finds_nothing(
    case: Case, stranger: User, program: Make
) -> None:
    desk = program(stranger)
    for path, answer in asked(desk, case).items():
        assert answer.status_code == 404, path
    assert desk.get("/cases").json() == {"cases": [], "next": None}
    assert desk.get("/channels").json() == {"channels": []}


def test_a_viewer_reads_and_does_nothing(
    case: Case, viewer: User, agent: User, program: Make
) -> None:
    desk = program(agent)
    Membership.objects.filter(user=agent).update(role="viewer")
    assert desk.get(f"/cases/{case.public_id}").status_code == 200
    for word in WRITES:
        if word == "draft/lint":
            continue
        answer = desk.post(f"/cases/{case.public_id}/{word}", BODIES.get(word, {}), If_Match='"0"')
        assert (answer.status_code, code_of(answer)) == (403, "not_allowed"), word
    assert not Note.objects.exists()


def test_an_act_that_hides_the_case_from_its_doer_says_so(
    case: Case, agent: User, program: Make
) -> None:
    answer = program(agent).post(f"/cases/{case.public_id}/triage", SAID | {"category": "employee"})
    case.refresh_from_db()
    assert case.lane == "employee"
    assert answer.status_code == 204
    assert not answer.content


def test_a_token_of_one_workspace_opens_no_other(
    case: Case,
    agent: User,
    make_workspace: Callable[[str], Workspace],
    program: Make,
    now: datetime,
) -> None:
    other = make_workspace("second")
    Membership.objects.create(workspace=other, user=agent, role="owner", created_at=now)
    desk = program(agent, workspace=other)
    assert code_of(desk.get(f"/cases/{case.public_id}")) == "not_found"


def test_times_are_read_with_their_zone(
    make_case: Callable[..., Case], agent: User, program: Make, now: datetime
) -> None:
    make_case()
    soon = (now + timedelta(days=1)).isoformat().replace("+", "%2B")
    assert program(agent).get(f"/cases?created_since={soon}").json()["cases"] == []


@pytest.mark.parametrize(
    "since", ["0086-01-01T20:56:03-23:34", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"]
)
def test_a_moment_in_an_odd_zone_is_a_moment(since: str, agent: User, program: Make) -> None:
    answer = program(agent).get(f"/cases?{urlencode({'created_since': since})}")
    assert answer.status_code == 200
