"""Which list a person looks at; it travels through the addresses, so that the list beside a case stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from django.http import HttpRequest
from django.urls import reverse

from amends.cases.filters import CaseFilter, Values
from amends.cases.orders import Order, order_of
from amends.cases.working_views import VIEWS

MOST_FIELDS = 200
EVERYTHING = CaseFilter()


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The view, what it is narrowed to, and the saved view by which one came, if by one."""

    view: str = "mine"
    chosen: CaseFilter = EVERYTHING
    saved: int | None = None

    @classmethod
    def read(cls, view: str, values: Values | str = "") -> ListPlace | None:
        """From the address (a querystring, or its values); None for a view that does not exist."""
        if view not in VIEWS:
            return None
        given = parse_place(values) if isinstance(values, str) else values
        saved = (given.get("saved") or [""])[-1]
        is_key = saved.isascii() and saved.isdigit() and len(saved) < 19
        return cls(view, CaseFilter.read(given), int(saved) if is_key else None)

    @property
    def query(self) -> str:
        """What to append to the address of a case so that the list beside it stays."""
        return urlencode([("view", self.view), *self._pairs()])

    @property
    def address(self) -> str:
        """Where the list itself is."""
        query = urlencode(self._pairs())
        return reverse("inbox_view", args=[self.view]) + (f"?{query}" if query else "")

    @property
    def fragment(self) -> str:
        """The address, to which one more value can be appended."""
        return f"{self.address}{'&' if self._pairs() else '?'}"

    @property
    def unfiltered(self) -> str:
        """The same search in all cases, without the other conditions."""
        return ListPlace("all", CaseFilter(q=self.chosen.q)).address

    @property
    def channel(self) -> int | None:
        return self.chosen.channel

    @property
    def order(self) -> Order:
        return order_of(self.view, self.chosen.order)

    @property
    def is_search(self) -> bool:
        return bool(self.chosen.q.strip())

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen.conditions)

    def narrowed_to(self, chosen: CaseFilter) -> ListPlace:
        return replace(self, chosen=chosen)

    def _pairs(self) -> list[tuple[str, str]]:
        saved = [("saved", str(self.saved))] if self.saved is not None else []
        return [*self.chosen.pairs(), *saved]


def parse_place(query: str) -> Mapping[str, list[str]]:
    """The values of a querystring; one that is too long says nothing."""
    try:
        return parse_qs(query, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def place_of(request: HttpRequest) -> ListPlace:
    """Which list stands beside a case: a form carries it as one field, since its own fields may be named
    as the filters are."""
    carried = request.POST.get("place") or request.GET.get("place")
    if carried:
        values: Values = parse_place(carried)
    elif "view" in request.GET:
        values = dict(request.GET.lists())
    else:
        values = {"view": [request.POST.get("view", "all")]}
    view = (values.get("view") or ["all"])[-1]
    return ListPlace.read(view, values) or ListPlace("all")
