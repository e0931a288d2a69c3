"""The list of a view: its rows, the page that follows, and the counts beside the views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Prefetch, Q, QuerySet

from amends.accounts.models import User, Workspace
from amends.cases.models import Case, CaseLabel
from amends.cases.queries import (
    COUNT_CAP,
    VIEWS,
    cases_visible_to,
    in_order,
    in_view,
    view_counts,
)
from amends.cases.watch_clock import running_clock
from amends.inbox.models import ChannelAccount, Version
from amends.inbox.queries import channel_accounts_visible_to, last_words
from amends.web import labels

PAGE_SIZE = 30
WORDS = 160  # characters of a comment that a row can show
NEVER = "-"  # the place in a cursor of a case without a due time
TABS = ("mine", "unassigned", "due_soon", "approvals", "look_again", "all")


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Which list a person looks at: the view, and the channel where it is narrowed to one."""

    view: str = "mine"
    channel: int | None = None

    @classmethod
    def read(cls, view: str, channel: str) -> ListPlace | None:
        """From the address; None for a view that does not exist."""
        if view not in VIEWS:
            return None
        return cls(view, int(channel) if channel.isdigit() and len(channel) < 19 else None)

    @property
    def query(self) -> str:
        """What to append to the address of a case so that the list beside it stays."""
        return f"view={self.view}" + (f"&channel={self.channel}" if self.channel else "")


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the list shows it."""

    case: Case
    words: str
    is_gone: bool
    is_edited: bool
    clock: str  # first_reply | resolution | "" where none runs
    due_at: datetime | None
    is_late: bool
    sort: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A view beside the list with its capped count."""

    view: str
    label: str
    count: str


def read_rows(
    user: User, *, workspace: Workspace, place: ListPlace, now: datetime, after: str = ""
) -> tuple[list[Row], str]:
    """One page of rows and the cursor of the next one, empty at the end."""
    cases = in_order(_cases_at(user, workspace=workspace, place=place, now=now), place.view)
    if after:
        cases = cases.filter(_behind(after, view=place.view))
    found = list(with_words(cases)[: PAGE_SIZE + 1])
    rows = [row_of(case, view=place.view, now=now) for case in found[:PAGE_SIZE]]
    more = rows[-1].sort if len(found) > PAGE_SIZE else ""
    return rows, more


def read_changed(
    user: User, *, workspace: Workspace, place: ListPlace, since: datetime, now: datetime
) -> tuple[list[Row], list[Row]]:
    """What changed since a moment: rows that are in the view, and rows of cases that are not."""
    everything = cases_visible_to(user, workspace=workspace)
    numbers = list(
        everything.filter(changed_at__gte=since)
        .order_by("-changed_at", "-id")
        .values_list("number", flat=True)[: PAGE_SIZE * 2]
    )
    inside = with_words(
        _cases_at(user, workspace=workspace, place=place, now=now).filter(number__in=numbers)
    )
    rows = [row_of(case, view=place.view, now=now) for case in inside]
    there = {row.case.number for row in rows}
    outside = with_words(everything.filter(number__in=set(numbers) - there))
    return rows, [row_of(case, view=place.view, now=now) for case in outside]


def read_tabs(user: User, *, workspace: Workspace, now: datetime) -> list[Tab]:
    """The views with their counts."""
    counts = view_counts(user, workspace=workspace, now=now)
    return [Tab(view, labels.label_of(labels.VIEWS, view), capped(counts[view])) for view in TABS]


def read_channels(user: User, *, workspace: Workspace) -> list[ChannelAccount]:
    """The channel accounts by which the list can be narrowed."""
    return list(channel_accounts_visible_to(user, workspace=workspace).order_by("label", "pk")[:50])


def capped(count: int) -> str:
    """A count as the interface shows it: 999+ beyond the cap, nothing for none."""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else (str(count) if count else "")


def with_words(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that a row needs, in a fixed number of queries."""
    versions = (
        Version.objects.select_related("content")
        .defer("content__payload")
        .order_by("occurred_at", "key")
    )
    marks = CaseLabel.objects.select_related("label").order_by("label__key")
    return cases.select_related("author", "comment__account", "assignee").prefetch_related(
        Prefetch("comment__versions", queryset=versions, to_attr="ordered_versions"),
        Prefetch("label_marks", queryset=marks, to_attr="ordered_marks"),
    )


def numbers_at(
    user: User, *, workspace: Workspace, place: ListPlace, now: datetime, limit: int
) -> list[int]:
    """The numbers of the first cases of a list, for what is done to all of it at once."""
    cases = in_order(_cases_at(user, workspace=workspace, place=place, now=now), place.view)
    return list(cases.values_list("number", flat=True)[:limit])


def row_of(case: Case, *, view: str, now: datetime) -> Row:
    """A row of a case that came through `with_words`."""
    versions: list[Version] = case.comment.ordered_versions  # type: ignore[attr-defined]
    said = last_words(versions)
    running = running_clock(case)
    moment = case.changed_at if view == "all" else case.first_reply_due_at
    return Row(
        case=case,
        words=" ".join(said.text[: WORDS * 2].split())[:WORDS] if said else "",
        is_gone=bool(versions) and versions[-1].is_tombstone,
        is_edited=sum(not version.is_tombstone for version in versions) > 1,
        clock=running.kind.value if running else "",
        due_at=running.due_at if running else None,
        is_late=running is not None and running.is_late(now),
        sort=f"{_stamp(moment)}~{case.pk}",
        stamp=_stamp(case.changed_at),
    )


def _cases_at(
    user: User, *, workspace: Workspace, place: ListPlace, now: datetime
) -> QuerySet[Case]:
    cases = in_view(cases_visible_to(user, workspace=workspace), place.view, user=user, now=now)
    if place.channel is not None:
        cases = cases.filter(comment__account=place.channel)
    return cases


def _behind(cursor: str, *, view: str) -> Q:
    """Only what comes after the cursor in the order of `in_order`; a broken cursor starts anew."""
    stamp, _tilde, raw = cursor.rpartition("~")
    if not raw.isdigit() or len(raw) > 18:
        return Q()
    pk = int(raw)
    if stamp == NEVER:
        return Q(first_reply_due_at__isnull=True, pk__gt=pk)
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return Q()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if view == "all":
        return Q(changed_at__lt=moment) | Q(changed_at=moment, pk__lt=pk)
    return (
        Q(first_reply_due_at__gt=moment)
        | Q(first_reply_due_at=moment, pk__gt=pk)
        | Q(first_reply_due_at__isnull=True)
    )


def _stamp(moment: datetime | None) -> str:
    # UTC with microseconds and a Z: sorts as text, and survives an address without escaping a plus.
    if moment is None:
        return NEVER
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
