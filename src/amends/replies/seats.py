"""Who may agree to a waiting reply: each level has seats, and everybody sits in one at most.

    A1 anyone · A2 a lead · A3 a lead and counsel · A4 an owner          (domain.md 3.3)

Nobody sits who wrote a word of it. Deputies sit for the person they stand in for. A seat for which nobody
is left (a desk without counsel) is taken by whoever may approve, leads first, so that nothing waits for
ever; the agreement says in which seat and by whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _

from amends.accounts.authority import Answer, deputies_in_force, may_do
from amends.accounts.models import Act, Deputy, Role, User
from amends.accounts.permissions import approving_roles
from amends.accounts.queries import members_of
from amends.cases.transitions import NotPossible
from amends.core.vocabulary import ApprovalLevel
from amends.replies.level import Need, may_publish, paying
from amends.replies.models import ApprovalRequest, Reply
from amends.replies.override import overrides_in_force

A = ApprovalLevel
ANYONE, LEAD, COUNSEL, OWNER = "anyone", "lead", "counsel", "owner"
_LEADERS = frozenset({Role.OWNER, Role.LEAD})
SITTERS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        ANYONE: frozenset({Role.OWNER, Role.LEAD, Role.AGENT, Role.COUNSEL}),
        LEAD: _LEADERS,
        COUNSEL: frozenset({Role.COUNSEL}),
        OWNER: frozenset({Role.OWNER}),
    }
)
SEATS: Mapping[ApprovalLevel, tuple[str, ...]] = MappingProxyType(
    {
        A.A0: (ANYONE,),
        A.A1: (ANYONE,),
        A.A2: (LEAD,),
        A.A3: (LEAD, COUNSEL),
        A.A4: (OWNER,),
    }
)


@dataclass(frozen=True, slots=True)
class Seat:
    """The place that a person takes; `in_name_of` is whom a deputy stands in for."""

    name: str
    in_name_of: User | None = None


class Table:
    """The seats of one request at one moment, and who is left to take them."""

    def __init__(
        self, reply: Reply, *, request: ApprovalRequest, level: ApprovalLevel, now: datetime
    ) -> None:
        self._reply = reply
        self._now = now
        self.is_late = request.timed_out_at is not None
        agreed = list(request.agreements.values_list("seat", "person_id"))
        self._agreed = {person: seat for seat, person in agreed}
        taken = {seat for seat, _person in agreed}
        self.free = tuple(seat for seat in SEATS[level] if seat not in taken)
        writers = set(reply.revisions.values_list("edited_by_id", flat=True))
        writers |= {one.given_by_id for one in overrides_in_force(reply)}
        members = list(members_of(reply.workspace))
        self._all_roles = {one.user_id: Role(one.role) for one in members}
        able = approving_roles(reply.case.lane)
        self._roles = {
            one.user: Role(one.role)
            for one in members
            if one.role in able and one.user_id not in writers
        }
        self._standings = [
            one
            for one in deputies_in_force(reply.workspace, now=now)
            if (one.is_away or self.is_late) and one.deputy in self._roles
        ]

    @property
    def people(self) -> list[User]:
        """Who could agree now, by name."""
        return [user for user in self._roles if self.seat_for(user) is not None]

    def agreed_as(self, user: User) -> str:
        """The seat in which a person has agreed already; empty for none."""
        return self._agreed.get(user.pk, "")

    def seat_for(self, user: User) -> Seat | None:
        """The free seat that a person may take, their own before one in somebody's name."""
        if user not in self._roles or user.pk in self._agreed:
            return None
        return (
            self._own(user)
            or next((seat for one in self._of(user) if (seat := self._named(one))), None)
            or self._left_over(user)
        )

    def is_full_with(self, seat: Seat, *, user: User) -> bool:
        """Whether nothing is missing once this seat is taken: no seat, or nobody to take it."""
        rest = [name for name in self.free if name != seat.name]
        others = [one for one in self._roles if one != user and one.pk not in self._agreed]
        return not rest or not others

    def _own(self, user: User) -> Seat | None:
        role = self._roles[user]
        return next((Seat(name) for name in self.free if role in SITTERS[name]), None)

    def _of(self, user: User) -> list[Deputy]:
        return [one for one in self._standings if one.deputy == user]

    def _named(self, standing: Deputy) -> Seat | None:
        role = self._all_roles.get(standing.person_id)
        names = (name for name in self.free if role in SITTERS[name])
        return next((Seat(name, standing.person) for name in names), None)

    def _left_over(self, user: User) -> Seat | None:
        """A seat that nobody of its own is there for; leads and owners come before the others."""
        left = {one: role for one, role in self._roles.items() if one.pk not in self._agreed}
        for name in self.free:
            if any(role in SITTERS[name] for role in left.values()):
                continue
            has_leaders = any(role in _LEADERS for role in left.values())
            if not has_leaders or left[user] in _LEADERS:
                return Seat(name)
        return None


def check_reach(
    reply: Reply, *, need: Need, seat: Seat, table: Table, by: User, now: datetime
) -> list[tuple[str, Answer]]:
    """Where the writer reaches not far enough, the approver must: amounts, and publishing at all.

    Returns what was asked and what the answer rests on. Counsel answers for the law, not for these.
    """
    if seat.name == COUNSEL:
        return []
    used: list[tuple[str, Answer]] = []
    for money in need.money if {"amount", "owner_amount"} & set(need.why) else ():
        deed = paying(reply, money)
        answer = may_do(by, reply.workspace, deed=deed, now=now, is_late=table.is_late)
        if not answer.is_allowed:
            raise NotPossible(
                _("%(amount)s is beyond your limit: somebody with more authority must agree.")
                % {"amount": money}
            )
        used.append((f"{Act.COMPENSATE.value} {money}", answer))
    if {"language", "publish"} & set(need.why):
        answer = may_publish(reply, by=by, now=now, is_late=table.is_late)
        if not answer.is_allowed:
            raise NotPossible(
                _("You may not publish this alone either: another colleague must agree.")
            )
        used.append((Act.PUBLISH.value, answer))
    return used
