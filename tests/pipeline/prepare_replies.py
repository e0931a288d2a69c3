"""Fills a desk with approved replies for the kill test: run in a process of its own, with its environment.

Reads one JSON object from the command line: the values of the Bluesky account and how many comments wait.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from amends.cli.serve import prepare_database
from amends.cli.start import start_django

CONNECTED = "connected"
PATIENCE = 120.0  # seconds until every comment must have come in
HEARING = ("listen", "capture", "classify", "decide", "freeze")


def main(wanted: Mapping[str, Any]) -> None:
    start_django()
    prepare_database()
    from amends.accounts.models import Brand, Membership, User, Workspace
    from amends.core.clock import SystemClock
    from amends.inbox.connect import connect_account

    now = SystemClock().now()
    workspace = Workspace.objects.create(name="Lumen", slug="lumen", created_at=now)
    brand = Brand.objects.create(workspace=workspace, name="Lumen", slug="lumen")
    people = {}
    for role in ("owner", "agent"):
        people[role] = User.objects.create_user(
            f"{role}@lumen.example", "unused-words-42", name=role
        )
        Membership.objects.create(workspace=workspace, user=people[role], role=role, created_at=now)
    account = connect_account(
        workspace,
        brand=brand,
        kind="bluesky",
        values=wanted["account"],
        by=people["owner"],
        now=now,
    )
    print(CONNECTED, flush=True)  # noqa: T201  # what is said from now on is no history
    hear_everything(count=wanted["count"])
    for case in workspace.cases.select_related("workspace", "author", "comment"):
        approve_an_answer(case, writer=people["agent"], approver=people["owner"])
    # From here on only the deliveries are worked on.
    type(account).objects.filter(pk=account.pk).update(next_step="", due_at=None)


def hear_everything(*, count: int) -> None:
    """Listen until every comment has its case."""
    from amends.cases.models import Case
    from amends.inbox.models import ChannelAccount
    from amends.pipeline.desk import Desk
    from amends.pipeline.runner import run_until_idle
    from amends.pipeline.steps import STEPS

    desk = Desk()
    steps = [step for step in STEPS if step.name in HEARING]
    deadline = time.monotonic() + PATIENCE
    while Case.objects.count() < count:
        if time.monotonic() > deadline:
            raise SystemExit(f"only {Case.objects.count()} of {count} comments came in")
        ChannelAccount.objects.update(due_at=desk.clock.now())
        run_until_idle(desk, steps=steps)
        time.sleep(0.2)


def approve_an_answer(case: Any, *, writer: Any, approver: Any) -> None:
    """Triage, write and approve, by the verbs that people use."""
    from amends.cases.triage import suggest_triage
    from amends.core.clock import SystemClock
    from amends.pipeline.act import triage_and_decide
    from amends.pipeline.desk import Desk
    from amends.replies.approve import approve_reply, ask_for_approval, reply_digest
    from amends.replies.bystander import STATEMENTS
    from amends.replies.draft import begin_reply, save_draft

    now = SystemClock().now()
    triage_and_decide(case, form=suggest_triage(case).form, by=writer, now=now, desk=Desk())
    case.refresh_from_db()
    reply = begin_reply(case, by=writer, now=now)
    text = f"Bu {case.public_id} için yanıtımızdır."
    reply = save_draft(reply, text=text, revision=reply.revision, by=writer, now=now)
    # Many answers that say the same at once: the linter would stop the copies.
    ask_for_approval(
        reply, by=writer, now=now, override="This measures sending, not words.", agreed=STATEMENTS
    )
    approve_reply(reply, digest=reply_digest(reply), by=approver, now=now)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
