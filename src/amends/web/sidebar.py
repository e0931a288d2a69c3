"""What stands beside the list: views, saved views, channels and labels, with their counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.models import User, Workspace
from amends.cases.count_cases import COUNT_CAP, count_each, views_to_count
from amends.cases.models import Case, Label, SavedView
from amends.cases.narrow import narrow
from amends.cases.queries import cases_visible_to
from amends.cases.save_view import saved_views_visible_to
from amends.cases.working_views import in_view
from amends.inbox.models import ChannelAccount
from amends.inbox.queries import channel_accounts_visible_to
from amends.web import labels
from amends.web.list_place import ListPlace, parse_place

TABS = (
    *("mine", "unassigned", "due_soon", "approvals", "mentions"),
    *("waiting", "snoozed", "look_again", "no_action", "all"),
)
RARE = frozenset({"mentions", "waiting", "snoozed", "look_again", "no_action"})
UNCOUNTED = frozenset({"no_action"})  # grows for ever: the number would say nothing
MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Tab:
    """A view beside the list with its capped count; a rare one is not shown while it is empty."""

    view: str
    label: str
    count: str
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class SavedTab:
    """A saved view beside the list; `warning` says what of it cannot be as it was meant."""

    saved: SavedView
    place: ListPlace
    count: str
    warning: str

    @property
    def key(self) -> str:
        return f"saved-{self.saved.pk}"


@dataclass(frozen=True, slots=True)
class Sidebar:
    """Views and saved views, counted in one question."""

    tabs: list[Tab]
    saved: list[SavedTab]

    @property
    def counts(self) -> dict[str, str]:
        """For the pulse: what to write beside each."""
        return {one.view: one.count for one in self.tabs} | {
            one.key: one.count for one in self.saved
        }


def read_sidebar(user: User, *, workspace: Workspace, now: datetime) -> Sidebar:
    """The views with their counts."""
    kept = [
        (view, place_of_saved(view)) for view in saved_views_visible_to(user, workspace=workspace)
    ]
    cases = cases_visible_to(user, workspace=workspace)
    lists: dict[str, QuerySet[Case]] = {
        view: one
        for view, one in views_to_count(user, workspace=workspace, now=now).items()
        if view not in UNCOUNTED
    }
    for saved, place in kept:
        if not place.is_search:  # a search costs more than a glance at the side is worth
            view = in_view(cases, place.view, user=user, now=now)
            lists[f"saved-{saved.pk}"] = narrow(view, place.chosen, user=user)
    counts = {name: capped(count) for name, count in count_each(lists).items()}
    retired = _retired_labels(workspace, places=[place for _saved, place in kept])
    return Sidebar(
        tabs=[_tab(view, count=counts.get(view, "")) for view in TABS],
        saved=[
            SavedTab(
                saved, place, counts.get(f"saved-{saved.pk}", ""), _warning(place, retired=retired)
            )
            for saved, place in kept
        ],
    )


def place_of_saved(saved: SavedView) -> ListPlace:
    """The list that a saved view shows."""
    values = dict(parse_place(saved.query)) | {"saved": [str(saved.pk)]}
    view = (values.get("view") or ["all"])[-1]
    return ListPlace.read(view, values) or ListPlace("all", saved=saved.pk)


def read_channels(user: User, *, workspace: Workspace) -> list[ChannelAccount]:
    """The channel accounts by which the list can be narrowed."""
    return list(channel_accounts_visible_to(user, workspace=workspace).order_by("label", "pk")[:50])


def read_labels(workspace: Workspace, *, chosen: tuple[int, ...] = ()) -> list[Label]:
    """The labels by which the list can be narrowed: those in use, and retired ones that are chosen."""
    offered = Q(retired_at__isnull=True) | Q(pk__in=chosen)
    return list(Label.objects.filter(offered, workspace=workspace).order_by("name", "pk")[:200])


def capped(count: int) -> str:
    """A count as the interface shows it: 999+ beyond the cap, nothing for none."""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else (str(count) if count else "")


def _tab(view: str, *, count: str) -> Tab:
    return Tab(view, labels.label_of(labels.VIEWS, view), count, is_rare=view in RARE)


def _retired_labels(workspace: Workspace, *, places: list[ListPlace]) -> dict[int, str]:
    """Labels that saved views name and nobody can put on a case any more, with their names; "" for gone."""
    named = {label for place in places for label in place.chosen.label}
    if not named:
        return {}
    rows = Label.objects.filter(workspace=workspace, pk__in=named)
    known = {label.pk: label for label in rows}
    return {
        pk: known[pk].name if pk in known else ""
        for pk in named
        if pk not in known or known[pk].retired_at is not None
    }


def _warning(place: ListPlace, *, retired: dict[int, str]) -> str:
    for pk in place.chosen.label:
        if pk in retired:
            return (
                _("The label “%(name)s” was retired: no new case comes in here.")
                % {"name": retired[pk]}
                if retired[pk]
                else _("A label of this view is gone: nothing can be in it.")
            )
    return ""
