"""The orders of a list, and pages of them by keyset: stable while cases arrive, as fast on page 900 as on 1.

An order is a row of stretches, one behind the other (with a due time, then without), so that each is read
from an index: no database sorts "nulls last" or the names of severities from one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from django.db.models import Q, QuerySet

from amends.cases.models import Case

NEVER = "-"  # the place in a cursor of a case without a time
GRAVEST_FIRST = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Order:
    """`field` is the time by which each stretch is sorted ("" for none), `tie` what decides then."""

    name: str
    stretches: tuple[Q, ...] = (Q(),)
    field: str = ""
    tie: str = "number"
    is_down: bool = False  # the latest first

    def place_of(self, case: Case) -> str:
        """Where a case stands: stretch, time, tie. Only compared, and read by `Cursor`."""
        moment = getattr(case, self.field) if self.field else None
        return f"{self._stretch_of(case)}~{stamp(moment)}~{getattr(case, self.tie)}"

    def _stretch_of(self, case: Case) -> int:
        if self.name == "due":
            return 0 if case.first_reply_due_at else 1
        if self.name == "severity":
            known = case.severity in GRAVEST_FIRST
            return GRAVEST_FIRST.index(case.severity) if known else len(GRAVEST_FIRST)
        return 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """Behind which case a page begins; a broken one begins at the top."""

    stretch: int = 0
    moment: datetime | None = None
    tie: int | None = None

    @classmethod
    def read(cls, text: str) -> Cursor:
        parts = text.split("~")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[::2]):
            return cls()
        if len(parts[0]) > 2 or len(parts[2]) > 18:
            return cls()
        if parts[1] == NEVER:
            return cls(int(parts[0]), None, int(parts[2]))
        try:
            moment = datetime.fromisoformat(parts[1])
        except ValueError:
            return cls()
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return cls(int(parts[0]), aware, int(parts[2]))


ORDERS = MappingProxyType(
    {
        "due": Order(
            "due",
            (Q(first_reply_due_at__isnull=False), Q(first_reply_due_at__isnull=True)),
            field="first_reply_due_at",
            tie="id",
        ),
        "newest": Order("newest", is_down=True),
        "oldest": Order("oldest"),
        "severity": Order(
            "severity",
            (*(Q(severity=one) for one in GRAVEST_FIRST), ~Q(severity__in=GRAVEST_FIRST)),
            is_down=True,
        ),
        "changed": Order("changed", field="changed_at", tie="id", is_down=True),
    }
)


def order_of(view: str, chosen: str = "") -> Order:
    """The chosen order, else that of the view: All shows what changed last, the others what is due first."""
    return ORDERS[chosen or ("changed" if view in {"all", "no_action"} else "due")]


def read_page(
    cases: QuerySet[Case], *, order: Order, after: str, size: int
) -> tuple[list[Case], str]:
    """One page, and the cursor of the next one (empty at the end)."""
    cursor = Cursor.read(after)
    found: list[Case] = []
    for rank, condition in enumerate(order.stretches):
        if rank < cursor.stretch or len(found) > size:
            continue
        rows = in_stretch(cases.filter(condition), order=order, has_moment=rank == 0)
        if rank == cursor.stretch and cursor.tie is not None:
            rows = rows.filter(_behind(cursor, order=order))
        found += rows[: size + 1 - len(found)]
    more = order.place_of(found[size - 1]) if len(found) > size else ""
    return found[:size], more


def in_stretch(cases: QuerySet[Case], *, order: Order, has_moment: bool) -> QuerySet[Case]:
    """One stretch in its order; only the first one of an order has times."""
    sign = "-" if order.is_down else ""
    names = [order.field, order.tie] if order.field and has_moment else [order.tie]
    return cases.order_by(*(f"{sign}{name}" for name in names))


def _behind(cursor: Cursor, *, order: Order) -> Q:
    side = "lt" if order.is_down else "gt"
    tie = Q(**{f"{order.tie}__{side}": cursor.tie})
    if not order.field or cursor.moment is None:
        return tie
    later = Q(**{f"{order.field}__{side}": cursor.moment})
    # The first part says nothing new; with it the databases begin to read in the middle of the index.
    return Q(**{f"{order.field}__{side}e": cursor.moment}) & (later | tie)


def stamp(moment: datetime | None) -> str:
    """UTC with microseconds and a Z: sorts as text, and survives an address without escaping a plus."""
    if moment is None:
        return NEVER
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
