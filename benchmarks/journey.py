"""Measure the journey of comments: how many are captured, judged and answered a second, on both databases.

Run from the repository root: python -m benchmarks.journey [--events 1000] [--replies 200]
The channel is the practice network of a real `amends web`, reached over HTTP, on the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import httpx

from tests.servers.ports import HOST, free_ports
from tests.servers.postgres import PostgresServer
from tests.servers.programs import ServerMissingError

WORDS = (
    "Kargom {n} gündür yok, arıyorum açan yok!!",
    "Pesanan nomor {n} belum sampai juga, tolong dibantu",
    "Заказ {n} опять пришёл разбитый, верните деньги",
    "Bestelling {n} is voor de derde keer kwijt, belachelijk",
    "Order {n} arrived broken and nobody answers my mails",
)
STAGES = {
    "listen": ("listen",),
    "capture": ("capture",),
    "judge (screen)": ("classify",),
    "decide, clocks": ("decide", "freeze"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--replies", type=int, default=200)
    parser.add_argument("--measure", help=argparse.SUPPRESS)  # the part that runs on one database
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, events=options.events, replies=options.replies)))
        return 0
    results = {"SQLite": _measure_apart("", options=options)}
    try:
        with PostgresServer() as server:
            results["PostgreSQL"] = _measure_apart(server.create_database(), options=options)
    except ServerMissingError as missing:
        print(f"not measured on PostgreSQL: {missing}")
    _print_table(results)
    return 0


def _measure_apart(database_url: str, *, options: argparse.Namespace) -> dict[str, float]:
    """Measure in a process of its own, which reads its database from the environment."""
    (port,) = free_ports(1)
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("AMENDS_")},
        "DATABASE_URL": database_url,
        "AMENDS_DATA": tempfile.mkdtemp(prefix="amends-benchmark-"),
        "AMENDS_SANDBOX": "1",
        "AMENDS_OUTBOUND_ALLOW": f"{HOST}:{port}",
        "AMENDS_LOG_LEVEL": "WARNING",
    }
    sizes = ["--events", str(options.events), "--replies", str(options.replies)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.journey", *sizes, "--measure", f"{HOST}:{port}"],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def measure(address: str, *, events: int, replies: int) -> dict[str, float]:
    """Items a second of each stage, on the database of this process."""
    from amends.cli.serve import prepare_database
    from amends.cli.start import start_django

    start_django()
    prepare_database()
    host, _, port = address.rpartition(":")
    web = [sys.executable, "-m", "amends", "web", "--host", host, "--port", port]
    with ExitStack() as ending:
        served = ending.enter_context(subprocess.Popen(web))
        ending.callback(served.terminate)
        _wait_for(address)
        return _travel(address, events=events, replies=replies)


def _travel(address: str, *, events: int, replies: int) -> dict[str, float]:
    from amends.pipeline.desk import Desk
    from amends.pipeline.runner import run_until_idle
    from amends.pipeline.steps import STEPS

    def run(names: tuple[str, ...]) -> Callable[[], object]:
        return lambda: run_until_idle(desk, steps=[step for step in STEPS if step.name in names])

    people = _set_up(address)
    desk = Desk()
    desk.classifier()  # loaded once for each worker, not for each comment
    _complain(events)
    spent = {name: _seconds(run(names)) for name, names in STAGES.items()}
    rates = {name: events / seconds for name, seconds in spent.items()}
    heard = spent["listen"] + spent["capture"]
    rates["captured, without the screen"] = events / heard
    rates["captured, with the screen"] = events / (heard + spent["judge (screen)"])
    rates["in the inbox, everything"] = events / sum(spent.values())
    _approve(replies, **people)
    rates["replies sent"] = replies / _seconds(run(("send",)))
    _require_all(events, replies=replies)
    return rates


def _require_all(events: int, *, replies: int) -> None:
    """A figure counts only if nothing was left out."""
    from amends.cases.models import Case
    from amends.replies.models import Delivery

    done = Case.objects.count(), Delivery.objects.filter(status="sent").count()
    if done != (events, replies):
        raise SystemExit(f"{done} cases and sent replies instead of {(events, replies)}")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _set_up(address: str) -> dict[str, Any]:
    from amends.accounts.models import Brand, Membership, User, Workspace
    from amends.core.clock import SystemClock
    from amends.inbox.connect import connect_account
    from amends.sandbox.models import Person
    from amends.sandbox.people import issue_token

    now = SystemClock().now()
    workspace = Workspace.objects.create(name="Lumen", slug="lumen", created_at=now)
    brand = Brand.objects.create(workspace=workspace, name="Lumen", slug="lumen")
    people = {}
    for name in ("writer", "approver"):
        people[name] = User.objects.create_user(f"{name}@lumen.example", "unused-words", name=name)
        Membership.objects.create(
            workspace=workspace, user=people[name], role="owner", created_at=now
        )
    shop = Person.objects.create(handle="lumen", name="Lumen", is_brand=True, language="en")
    connect_account(
        workspace,
        brand=brand,
        kind="sandbox",
        values={"base_url": f"http://{address}/sandbox/api", "token": issue_token(shop)},
        by=people["writer"],
        now=now,
    )
    return people


def _complain(count: int) -> None:
    from amends.core.clock import SystemClock
    from amends.sandbox.models import Person
    from amends.sandbox.publish import PostDraft, publish_post

    crowd = [
        Person.objects.create(handle=f"person{n}", name=f"Person {n}", language="en")
        for n in range(50)
    ]
    for number in range(count):
        text = "@lumen " + WORDS[number % len(WORDS)].format(n=number)
        author = crowd[number % len(crowd)]
        publish_post(PostDraft(author=author, text=text, lang="en"), now=SystemClock().now())


def _approve(count: int, *, writer: Any, approver: Any) -> None:
    from amends.cases.models import Case
    from amends.cases.triage import suggest_triage
    from amends.core.clock import SystemClock
    from amends.pipeline.act import triage_and_decide
    from amends.pipeline.desk import Desk
    from amends.replies.approve import approve_reply, ask_for_approval, reply_digest
    from amends.replies.draft import begin_reply, save_draft

    desk = Desk()
    for case in Case.objects.order_by("number")[:count]:
        now = SystemClock().now()
        form = suggest_triage(case).form
        triage_and_decide(case, form=form, by=writer, now=now, desk=desk)
        case.refresh_from_db()
        reply = begin_reply(case, by=writer, now=now)
        reply = save_draft(
            reply, text=f"{case.public_id}: we look.", revision=0, by=writer, now=now
        )
        ask_for_approval(reply, by=writer, now=now)
        approve_reply(reply, digest=reply_digest(reply), by=approver, now=now)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://{address}/healthz", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise SystemExit(f"nothing answers at {address}")


def _print_table(results: Mapping[str, Mapping[str, float]]) -> None:
    print(f"{'a second, one worker':32}" + "".join(f"{name:>12}" for name in results))
    for stage in results["SQLite"]:
        print(f"{stage:32}" + "".join(f"{rates[stage]:12.0f}" for rates in results.values()))


if __name__ == "__main__":
    sys.exit(main())
