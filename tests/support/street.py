"""The shop on the real practice network, the author who writes below its posts, and the desk that listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from amends.accounts.models import Brand, User, Workspace
from amends.cases.models import Case
from amends.core.clock import ScriptedClock
from amends.inbox.connect import connect_account
from amends.inbox.models import ChannelAccount, Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.sandbox.models import Person, Post
from amends.sandbox.people import issue_token
from amends.sandbox.publish import PostDraft, publish_post
from tests.support.desk import ToldClassifier
from tests.support.measures import Bench, publish_policy


@dataclass
class Street:
    """What happens on the network, and the desk that lives beside it."""

    shop: Person
    author: Person
    desk: Desk
    clock: ScriptedClock
    root: Post

    def write(self, text: str, *, below: Post | None = None) -> Post:
        draft = PostDraft(author=self.author, text=text, lang="en", parent=below or self.root)
        return publish_post(draft, now=self.clock.now())

    def let_pass(self, span: timedelta = timedelta(seconds=5)) -> None:
        """Time goes on, and the desk does what is due; it never lags behind the pages, which live by ours."""
        behind = max(datetime.now(UTC) - self.clock.now(), timedelta())
        self.clock.advance(behind + span)
        run_until_idle(self.desk)

    def case_of(self, post: Post) -> Case:
        """Hear of it, and open its case."""
        self.let_pass()
        comment = Comment.objects.get(external_id=post.pk)
        return Case.objects.get(items__comment=comment)


@pytest.fixture
def street_clock() -> ScriptedClock:
    """The practice network lives by the real time, so the desk begins there."""
    return ScriptedClock(datetime.now(UTC))


@pytest.fixture
def street(
    live_server: object,
    workspace: Workspace,
    brand: Brand,
    owner: User,
    street_clock: ScriptedClock,
    classifier: ToldClassifier,
    settings: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> Street:
    shop = Person.objects.create(handle="lumbara", name="Lumbara", language="en", is_brand=True)
    author = Person.objects.create(handle="rudi", name="Rudi K.", language="en", followers=9)
    address = str(live_server)
    settings.OUTBOUND_ALLOW = [urlsplit(address).netloc]
    settings.BASE_URL = address
    clock = street_clock
    for module in ("access", "measures", "views"):  # network and desk live by one clock
        monkeypatch.setattr(f"amends.sandbox.api.{module}.CLOCK", clock)
    connect_account(
        workspace,
        brand=brand,
        kind="sandbox",
        values={"base_url": f"{address}/sandbox/api", "token": issue_token(shop)},
        by=owner,
        now=clock.now() - timedelta(hours=1),
    )
    ChannelAccount.objects.update(due_at=clock.now())
    classifier.category, classifier.ground, classifier.language = "abuse", "hate", "en"
    desk = Desk(clock=clock)
    desk.classifier = lambda: classifier
    publish_policy(brand, by=owner, at=clock.now() - timedelta(days=30))
    root = publish_post(PostDraft(author=shop, text="New mugs!", lang="en"), now=clock.now())
    return Street(shop, author, desk, clock, root)


@pytest.fixture
def street_bench(street: Street, agent: User, other_agent: User) -> Bench:
    return Bench(street.desk, actor=agent, second=other_agent)
