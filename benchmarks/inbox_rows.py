"""Fills a database with a desk that has worked for long: comments, their versions, cases open and closed.

Of every ten comments three are the first of a case; one of these three is still open. People write in five
languages; a few words stand everywhere, most nearly nowhere, as in real texts.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from amends.accounts.models import Brand, Membership, User, Workspace
from amends.cases.models import Case, CaseComment, CaseLabel, Label
from amends.cases.save_view import save_view
from amends.inbox.models import Author, ChannelAccount, Comment, Thread, Version
from amends.record.models import Content

CHUNK = 2_000
LANGUAGES = ("tr", "id", "ru", "nl", "en")
SAID = {
    "tr": ("kargom gelmedi", "sipariş yok", "kimse cevap vermiyor", "paket kırık geldi", "iade"),
    "id": ("pesanan belum sampai", "barang rusak", "tolong dibantu", "uang kembali", "kurir"),
    "ru": ("посылка не пришла", "верните деньги", "никто не отвечает", "заказ разбит", "курьер"),
    "nl": ("pakket is kwijt", "niemand belt terug", "geld terug", "bestelling kapot", "bezorger"),
    "en": ("parcel never arrived", "nobody answers", "my order is broken", "refund", "courier"),
}
COMMON, RARE, PHRASE = "refund", "zeppelin", '"nobody answers"'
OPEN = ("new", "new", "new", "triaged", "triaged", "drafting", "in_department", "answered")
OPEN += ("waiting_for_customer", "awaiting_approval")
GRAVE = ("low", "medium", "medium", "high", "critical")
KINDS = ("business_error", "vague", "question", "general_negativity", "misunderstanding")


class Desk:
    """Who and what is there before the comments come."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.workspace = Workspace.objects.create(name="Lumbara", slug="lumbara", created_at=now)
        self.brand = Brand.objects.create(workspace=self.workspace, name="Lumbara", slug="lumbara")
        self.accounts = [self._account(n) for n in range(4)]
        self.people = [self._person(n) for n in range(20)]
        self.labels = [
            Label.objects.create(workspace=self.workspace, name=f"label {n}", created_at=now)
            for n in range(12)
        ]
        self.lead = self.people[0]
        self.agent = self.people[1]
        save_view(
            self.workspace,
            name="Grave in Turkish",
            query=f"view=all&language=tr&severity=high&severity=critical&label={self.labels[3].pk}",
            is_shared=True,
            by=self.lead,
            now=now,
        )

    def _account(self, n: int) -> ChannelAccount:
        return ChannelAccount.objects.create(
            workspace=self.workspace,
            brand=self.brand,
            kind="manual",
            host=f"manual-{n}",
            external_id="desk",
            label=f"Channel {n}",
            connected_at=self.now - timedelta(days=2000),
        )

    def _person(self, n: int) -> User:
        role = "lead" if n == 0 else "agent"
        user = User.objects.create_user(f"p{n}@lumbara.example", "unused-words", name=f"Person {n}")
        Membership.objects.create(
            workspace=self.workspace, user=user, role=role, created_at=self.now
        )
        return user


def fill(desk: Desk, count: int) -> None:
    """Write `count` comments and the cases that they make."""
    dice = random.Random(7)
    vocabulary = [f"w{n:x}q" for n in range(20_000)]
    authors = max(count // 5, 1)
    _write(Author, (_author(desk, n) for n in range(1, authors + 1)))
    _write(Thread, (_thread(desk, n) for n in range(1, count * 3 // 10 + 2)))
    texts = (_text(n, dice=dice, vocabulary=vocabulary) for n in range(1, count + 1))
    _write(Content, (_content(desk, n, text) for n, text in enumerate(texts, start=1)))
    _write(Comment, (_comment(desk, n, authors=authors) for n in range(1, count + 1)))
    _write(Version, (_version(desk, n) for n in range(1, count + 1)))
    cases = count * 3 // 10
    dice = random.Random(8)
    _write(Case, (_case(desk, n, dice=dice, authors=authors) for n in range(1, cases + 1)))
    items = (
        CaseComment(case_id=_case_of(n), comment_id=n, attached_at=desk.now)
        for n in range(1, count + 1)
        if _case_of(n) <= cases
    )
    _write(CaseComment, items)
    marks = (
        CaseLabel(case_id=n, label=desk.labels[n % 12], put_at=desk.now)
        for n in range(1, cases + 1, 2)
    )
    _write(CaseLabel, marks)
    _go_on_after(Author, Thread, Content, Comment, Version, Case)


def _go_on_after(*models: Any) -> None:
    """The keys were given by hand: PostgreSQL would begin at 1 again."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _case_of(comment: int) -> int:
    return comment * 3 // 10 + 1


def _first_comment(case: int) -> int:
    return -(-(case - 1) * 10 // 3) or 1


def _language(comment: int) -> str:
    return LANGUAGES[_case_of(comment) % 5]


def _text(n: int, *, dice: random.Random, vocabulary: Sequence[str]) -> str:
    said = dice.sample(SAID[_language(n)], 2)
    odd = [vocabulary[int(20_000 * dice.random() ** 4)] for _ in range(8)]
    rare = [RARE] if n % 20_011 == 11 or n == 500 else []
    return " ".join([said[0], *odd[:4], *rare, said[1], *odd[4:], f"TR-{n:07d}"])


def _author(desk: Desk, n: int) -> Author:
    return Author(
        id=n,
        workspace=desk.workspace,
        kind="manual",
        host="manual",
        external_id=f"a{n}",
        handle=f"person{n}",
        display_name=f"Person Name{n}",
        described_at=desk.now,
        first_seen_at=desk.now,
    )


def _thread(desk: Desk, n: int) -> Thread:
    place = {"kind": "manual", "host": "manual", "root_external_id": f"t{n}"}
    return Thread(id=n, workspace=desk.workspace, created_at=desk.now, **place)


def _content(desk: Desk, n: int, text: str) -> Content:
    return Content(
        id=n,
        workspace_id=desk.workspace.pk,
        text=text,
        payload="{}",
        salt="s" * 32,
        digest=f"{n:064x}",
        created_at=desk.now,
    )


def _at(desk: Desk, n: int) -> datetime:
    """Later comments came later; the last one a second ago."""
    return desk.now - timedelta(seconds=60 * (2_000_000 - n))


def _comment(desk: Desk, n: int, *, authors: int) -> Comment:
    case = _case_of(n)
    return Comment(
        id=n,
        workspace=desk.workspace,
        brand=desk.brand,
        account=desk.accounts[case % 4],
        kind="manual",
        host="manual",
        external_id=f"c{n}",
        author_id=case % authors + 1,
        thread_id=case,
        published_at=_at(desk, n),
        observed_at=_at(desk, n),
    )


def _version(desk: Desk, n: int) -> Version:
    return Version(
        id=n,
        workspace=desk.workspace,
        comment_id=n,
        key=f"v{n}",
        occurred_at=_at(desk, n),
        captured_at=_at(desk, n),
        content_id=n,
        digest=f"{n:064x}",
        method="created",
    )


def _case(desk: Desk, n: int, *, dice: random.Random, authors: int) -> Case:
    is_open = n % 3 == 0
    status = dice.choice(OPEN) if is_open else dice.choice(("resolved", "resolved", "no_action"))
    due = desk.now + timedelta(minutes=dice.randint(-20, 3_000))
    assignee = dice.choice(desk.people) if is_open and dice.random() < 0.4 else None
    first = _first_comment(n)
    return Case(
        id=n,
        workspace=desk.workspace,
        brand=desk.brand,
        number=n,
        author_id=n % authors + 1,
        thread_id=n,
        comment_id=first,
        status=status,
        reason="" if is_open else "The matter is settled.",
        disposition="" if is_open else "resolved",
        priority=dice.choice(("P1", "P2", "P3", "P3", "P4")),
        severity=dice.choice(GRAVE),
        category=dice.choice(KINDS),
        language=_language(first),
        assignee=assignee,
        snoozed_until=desk.now + timedelta(days=1) if is_open and dice.random() < 0.03 else None,
        clock_started_at=_at(desk, first),
        first_reply_due_at=due if is_open and dice.random() < 0.9 else None,
        progress_due_at=due + timedelta(hours=4) if is_open else None,
        resolution_due_at=due + timedelta(days=3) if is_open else None,
        created_at=_at(desk, first),
        changed_at=_at(desk, first),
        closed_at=None if is_open else desk.now,
    )


def _write(model: Any, rows: Iterable[Any]) -> None:
    for chunk in _chunks(rows):
        model.objects.bulk_create(chunk)


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
