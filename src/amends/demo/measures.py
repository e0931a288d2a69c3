"""What the shop's team did about conduct in the past days: by the real verbs, past the real guard.

Advertising is removed with its evidence; hate is removed, a second person agrees, the statement of reasons is
handed over, and its author objects: the appeal waits for whoever tries the desk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

import yaml

from amends.accounts.models import User
from amends.cases.close import close_case
from amends.cases.models import Case, CaseComment, DispositionCode
from amends.cases.triage import words_to_judge
from amends.core.clock import ScriptedClock
from amends.demo.offsets import parse_span
from amends.demo.script import Script, ScriptedPost, ScriptError, Truth
from amends.demo.team import triage_by_truth
from amends.measures.appeal import link_of, open_appeal
from amends.measures.confirm import confirm_measure
from amends.measures.guard import Wanted
from amends.measures.models import Measure, MeasureKind
from amends.measures.propose import propose_measure
from amends.measures.statement import StatementForm, text_by_hand
from amends.replies.draft import withdraw_reply
from amends.replies.queries import open_reply
from amends.sandbox.models import Post

IN_THE_LINK = re.compile(r"/appeal/([^/\s]+)/")
STEPS = ("ask", "confirmed", "handed", "closed", "appeal")


@dataclass(frozen=True, slots=True)
class MeasureAct:
    """A step of a measure at a time; `links` hold what was handed over, by the id of the comment."""

    at: datetime
    item: ScriptedPost
    step: str
    entry: Mapping[str, Any]
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a step is carried out."""

    case: Case
    team: Mapping[str, User]
    clock: ScriptedClock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def measure(self) -> Measure:
        found: Measure = Measure.objects.select_related("case", "statement").get(case=self.case)
        return found


def read_measures() -> list[dict[str, Any]]:
    """The entries of content/measures.yaml."""
    source = (resources.files("amends.demo") / "content" / "measures.yaml").read_text("utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(source)
    return found


def measured_comments() -> frozenset[str]:
    """Whose ending stands in the story of a measure."""
    return frozenset(entry["comment"] for entry in read_measures())


def measure_acts(script: Script, *, now: datetime) -> list[MeasureAct]:
    """Every step of every measure; raises ScriptError for a comment or words that are not there."""
    items = {item.id: item for item in script.comments}
    links: dict[str, str] = {}
    acts = []
    for entry in read_measures():
        item = items.get(entry["comment"])
        if item is None or entry["quote"] not in item.text:
            raise ScriptError(f"measures.yaml: {entry['comment']} says no such words")
        for step in STEPS:
            after = entry["after"] if step == "ask" else entry.get(step, {}).get("after")
            if after is not None:
                acts.append(MeasureAct(now + item.at + parse_span(after), item, step, entry, links))
    return acts


def let_team_measure(
    act: MeasureAct, *, team: Mapping[str, User], posts: Mapping[str, Post], clock: ScriptedClock
) -> None:
    """Carry out one step at the time of the clock."""
    rows = CaseComment.objects.select_related("case__workspace")
    case = rows.get(comment__external_id=posts[act.item.id].id).case
    scene = Scene(case, team, clock)
    by = team[act.entry["by"]]
    if act.step == "ask":
        _ask(scene, entry=act.entry, truth=act.item.truth, by=by)
    elif act.step == "confirmed":
        confirm_measure(scene.measure, by=team[act.entry["confirmed"]["by"]], now=scene.now)
    elif act.step == "handed":
        text = text_by_hand(scene.measure.statement, by=by, now=scene.now)
        found = IN_THE_LINK.search(text)
        act.links[act.item.id] = found[1] if found else ""
    elif act.step == "closed":
        _close(scene, reason=act.entry["closed"]["reason"], by=by)
    else:
        _object(act, now=scene.now)


def _ask(scene: Scene, *, entry: Mapping[str, Any], truth: Truth | None, by: User) -> None:
    words = words_to_judge(scene.case)
    if truth is None or words is None:
        raise ScriptError(f"{entry['comment']}: a measure needs words and their truth")
    triage_by_truth(scene.case, truth=truth, by=by, clock=scene.clock)
    start = words.text.index(entry["quote"])
    wanted = Wanted(
        kind=MeasureKind(entry["kind"]),
        clause=entry["clause"],
        words=((start, start + len(entry["quote"])),),
        quoted=(entry["quote"],),
        is_bulk=entry.get("is_bulk", False),
    )
    propose_measure(scene.case, wanted=wanted, statement=StatementForm(), by=by, now=scene.now)


def _close(scene: Scene, *, reason: str, by: User) -> None:
    """The draft of the statement goes: nobody can reply to what was removed."""
    reply = open_reply(scene.case)
    if reply is not None:
        withdraw_reply(reply, by=by, now=scene.now)
        scene.case.refresh_from_db()
    close_case(scene.case, disposition=DispositionCode.REMOVED, reason=reason, by=by, now=scene.now)


def _object(act: MeasureAct, *, now: datetime) -> None:
    link = link_of(act.links.get(act.item.id, ""), now=now)
    if link is None:
        raise ScriptError(f"{act.item.id}: no statement was handed over, so nobody can object")
    open_appeal(link, text=act.entry["appeal"]["text"], now=now)
