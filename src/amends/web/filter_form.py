"""The filters of a list as a person sees them: what can be chosen, and what is chosen as removable chips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amends.accounts.models import User, Workspace
from amends.accounts.queries import people_who_may_work
from amends.cases.filters import ME, NOBODY
from amends.cases.models import CaseStatus, Label
from amends.core.vocabulary import Priority, Severity
from amends.inbox.models import ChannelAccount
from amends.web import labels
from amends.web.list_place import ListPlace


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, and the address of the list without it."""

    name: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FilterForm:
    """What the filter offers; `orders` names the one in force even where nobody chose it."""

    channels: list[Choice]
    labels: list[Choice]
    languages: list[Choice]
    categories: list[Choice]
    severities: list[Choice]
    priorities: list[Choice]
    statuses: list[Choice]
    people: list[Choice]
    orders: list[Choice]
    since: str
    until: str


def read_filter_form(
    place: ListPlace,
    *,
    workspace: Workspace,
    channels: list[ChannelAccount],
    labels_offered: list[Label],
) -> FilterForm:
    """The choices, with those marked that are in force."""
    chosen = place.chosen
    people = [(ME, _("Me")), (NOBODY, _("Nobody"))]
    people += [(str(one.pk), str(one)) for one in people_who_may_work(workspace).distinct()[:200]]
    return FilterForm(
        channels=_choices([(str(one.pk), str(one)) for one in channels], [str(chosen.channel)]),
        labels=_choices(
            [(str(one.pk), one.name) for one in labels_offered], [str(pk) for pk in chosen.label]
        ),
        languages=_choices(labels.LANGUAGES.items(), [chosen.language]),
        categories=_choices(labels.CATEGORIES.items(), [chosen.category]),
        severities=_choices(
            [(one.value, labels.label_of(labels.SEVERITIES, one)) for one in reversed(Severity)],
            chosen.severity,
        ),
        priorities=_choices([(one.value, one.value) for one in Priority], chosen.priority),
        statuses=_choices(CaseStatus.choices, chosen.status),
        people=_choices(people, [chosen.assignee]),
        orders=_choices(labels.ORDERS.items(), [place.order.name]),
        since=chosen.since.isoformat() if chosen.since else "",
        until=chosen.until.isoformat() if chosen.until else "",
    )


def read_chips(
    place: ListPlace,
    *,
    channels: list[ChannelAccount],
    labels_offered: list[Label],
    workspace: Workspace,
) -> list[Chip]:
    """What narrows the list, one chip for each condition but the search, which stands in its own field."""
    names = {("channel", str(one.pk)): str(one) for one in channels}
    names |= {("label", str(one.pk)): _label_words(one) for one in labels_offered}
    chips = []
    for name, value in place.chosen.conditions:
        if name == "q":
            continue
        words = names.get((name, value)) or _words(name, value, workspace=workspace)
        without = place.narrowed_to(place.chosen.without(name, value))
        chips.append(Chip(labels.label_of(labels.FILTERS, name), words, without.address))
    return chips


def _label_words(label: Label) -> str:
    return _("%(name)s (retired)") % {"name": label.name} if label.retired_at else label.name


def _words(name: str, value: str, *, workspace: Workspace) -> str:
    tables = {
        "language": labels.LANGUAGES,
        "category": labels.CATEGORIES,
        "severity": labels.SEVERITIES,
    }
    if name in tables:
        return labels.label_of(tables[name], value)
    if name == "status":
        return str(CaseStatus(value).label)
    if name in {"since", "until"}:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if name == "assignee":
        return _person(value, workspace=workspace)
    if name in {"label", "channel"}:
        return _("not there any more")
    return value


def _person(value: str, *, workspace: Workspace) -> str:
    if value == ME:
        return _("Me")
    if value == NOBODY:
        return _("Nobody")
    person = User.objects.filter(pk=int(value), memberships__workspace=workspace).first()
    return str(person) if person else _("not there any more")


def _choices(offered: Iterable[tuple[str, object]], chosen: Iterable[str]) -> list[Choice]:
    marked = set(chosen)
    return [Choice(str(value), str(words), value in marked) for value, words in offered]
