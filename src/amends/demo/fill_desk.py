"""Fill both sides of the demonstration: the practice network and the desk that listens to it.

The story is told on a clock that runs through the last days: somebody writes, the real pipeline captures and
understands it over HTTP, the team triages, answers and approves through the real verbs. Nothing is put into
the desk's tables by hand.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections, transaction

from amends.accounts.models import Brand, Membership, User, Workspace
from amends.core.clock import ScriptedClock, SystemClock
from amends.core.policy.schema import read_shipped_policy
from amends.demo.authority import settle_authority
from amends.demo.fill import Act, acts_in_order, create_people, perform_act, write_stream
from amends.demo.load import load_script
from amends.demo.measures import MeasureAct, let_team_measure, measure_acts, measured_comments
from amends.demo.script import DEMO_PASSWORD, Script
from amends.demo.team import TeamAct, let_team_act, team_acts
from amends.inbox.change_mentions import TermForm, change_mentions
from amends.inbox.connect import connect_account
from amends.inbox.models import ChannelAccount
from amends.measures.publish_policy import publish_policy
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.schedule import seal_record
from amends.sandbox.models import Person, Post
from amends.sandbox.people import issue_token

HOST = "sandbox"  # the practice network moves with the port of the desk; its name does not
LISTENING_DELAY = timedelta(seconds=9)  # how long after publication the desk hears of a comment


MARK = "demonstration"  # the file that says that the story was told to its end


class ForeignData(Exception):
    """The folder holds what is not the demonstration's, or half of it."""


def is_filled() -> bool:
    """Whether the demonstration is there; raises ForeignData where something else is, or half of it."""
    real = Workspace.objects.filter(is_demo=False).exists()
    real = real or ChannelAccount.objects.exclude(kind__in=["sandbox", "manual"]).exists()
    if real:
        raise ForeignData(
            f"{settings.DATA_DIR} holds real accounts: the demonstration needs a folder of its own. "
            f"Name an empty one with AMENDS_DATA."
        )
    is_begun = Workspace.objects.filter(is_demo=True).exists()
    if is_begun and not (settings.DATA_DIR / MARK).exists():
        raise ForeignData(
            f"The demonstration in {settings.DATA_DIR} was interrupted while it was being filled: "
            f"delete that folder and start again."
        )
    return is_begun


def point_to(own: str) -> None:
    """Tell the desk at which address the practice network is served this time."""
    for account in ChannelAccount.objects.filter(kind="sandbox"):
        account.settings["base_url"] = f"http://{own}/sandbox/api"
        account.save(update_fields=["settings"])


def fill_demo(*, own: str, on_progress: Callable[[int, int], None]) -> None:
    """Tell the whole story up to now; `on_progress` gets how many of how many things have happened."""
    script = load_script()
    end = SystemClock().now()
    story: list[Act | TeamAct | MeasureAct] = [
        *acts_in_order(script, now=end),
        *team_acts(script, now=end, told_elsewhere=measured_comments()),
        *measure_acts(script, now=end),
    ]
    story.sort(key=lambda act: act.at)
    clock = ScriptedClock(story[0].at - timedelta(hours=1))
    cast = _set_stage(script, clock=clock)
    with practice_server() as address:
        account = _connect(cast, address=address, now=clock.now())
        desk = Desk(clock=clock)
        for number, act in enumerate(story):
            clock.move_to(max(act.at, clock.now()))
            _play(act, cast=cast, clock=clock)
            clock.advance(LISTENING_DELAY)
            run_until_idle(desk)
            on_progress(number + 1, len(story))
        clock.move_to(max(end, clock.now()))
        run_until_idle(desk)
    settle_authority(cast.workspace, team=cast.team, now=clock.now())
    write_stream(script.stream, people=cast.people, posts=cast.posts)
    ChannelAccount.objects.filter(pk=account.pk).update(due_at=end, next_step="listen")
    point_to(own)
    seal_record(end)
    (settings.DATA_DIR / MARK).touch()


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what is there when the story begins."""

    workspace: Workspace
    brand: Brand
    team: dict[str, User]
    people: dict[str, Person]
    posts: dict[str, Post]  # by the id of the script, as they are published
    script: Script


def _set_stage(script: Script, *, clock: ScriptedClock) -> Cast:
    now = clock.now()
    with transaction.atomic():
        people = create_people(script)
        workspace = Workspace.objects.create(
            name=script.brand.name, slug=script.brand.id, created_at=now, is_demo=True
        )
        brand = Brand.objects.create(
            workspace=workspace, name=script.brand.name, slug=script.brand.id
        )
        team = {}
        for member in script.team:
            team[member.id] = User.objects.create_user(
                member.email, DEMO_PASSWORD, name=member.name, language="en"
            )
            Membership.objects.create(
                workspace=workspace, user=team[member.id], role=member.role, created_at=now
            )
    return Cast(workspace, brand, team, people, {}, script)


def _connect(cast: Cast, *, address: str, now: datetime) -> ChannelAccount:
    owner = next(cast.team[member.id] for member in cast.script.team if member.role == "owner")
    token = issue_token(cast.people[cast.script.brand.id])
    account = connect_account(
        cast.workspace,
        brand=cast.brand,
        kind="sandbox",
        values={"base_url": f"{address}/sandbox/api", "token": token},
        by=owner,
        now=now,
    )
    ChannelAccount.objects.filter(pk=account.pk).update(host=HOST)
    names = [TermForm(name=cast.script.brand.name)]
    change_mentions(cast.brand, forms=names, query="", seen_version=0, by=owner, now=now)
    starting = read_shipped_policy().decode()
    publish_policy(cast.brand, text=starting, after=0, note="", by=owner, now=now)
    connect_account(cast.workspace, brand=cast.brand, kind="manual", values={}, by=owner, now=now)
    return account


def _play(act: Act | TeamAct | MeasureAct, *, cast: Cast, clock: ScriptedClock) -> None:
    if isinstance(act, MeasureAct):
        let_team_measure(act, team=cast.team, posts=cast.posts, clock=clock)
    elif isinstance(act, TeamAct):
        let_team_act(act, team=cast.team, posts=cast.posts, clock=clock)
    else:
        perform_act(act, people=cast.people, posts=cast.posts)


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the progress bar has the terminal."""

    def handle(self) -> None:
        super().handle()
        connections.close_all()  # the thread ends with its request


@contextmanager
def practice_server() -> Iterator[str]:
    """The practice network on a free loopback port while the story is told; yields its address.

    The outbound guard is told of this one address for as long.
    """
    server = make_server(
        "127.0.0.1",
        0,
        get_wsgi_application(),
        server_class=_ThreadingServer,
        handler_class=_QuietHandler,
    )
    own = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.OUTBOUND_ALLOW.append(own)
    try:
        yield f"http://{own}"
    finally:
        settings.OUTBOUND_ALLOW.remove(own)
        server.shutdown()
        server.server_close()
        thread.join()
