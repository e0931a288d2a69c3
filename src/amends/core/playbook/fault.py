"""Whose fault it was, as a record with its basis, and what that asks of a reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from amends.core.playbook.derived import classify_fault
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.rules import ApologyRule
from amends.core.playbook.terms import Ban, Component, FaultBand, FaultBasis, FaultKind
from amends.core.vocabulary import Category

MOST = 50  # per cent from which the fault is mostly ours
# A reply with one of these is no full answer yet, or none to a complaint about a fault of ours.
_NO_FULL_ANSWER = frozenset(
    {Component.HOLD, Component.FORM, Component.SOR, Component.DIS, Component.ASK}
)
_COMES_FIRST = (Component.ACK, Component.THX, Component.EMP)
_APOLOGY = (Component.REG, Component.RESP)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRecord:
    """Whose fault it was: ours, not ours but we can help, not ours and we cannot, or not known.

    `share` is the percentage that is ours, None while nobody knows. `basis` says what it rests on: a
    code, or the words of a person. `is_our_wording`: we were misread because we were unclear, which
    counts as a part of the fault (D8). Raises ValueError for a share outside 0 to 100, and for a
    basis without a share.
    """

    share: int | None = None
    basis: FaultBasis | str | None = None
    can_help: bool | None = None
    is_our_wording: bool = False

    def __post_init__(self) -> None:
        if self.share is not None and not 0 <= self.share <= 100:
            raise ValueError(f"the share is {self.share}; it may be 0 to 100, or unknown")
        if self.basis and self.share is None:
            raise ValueError("there is a basis but no share; say how much of the fault is ours")
        if isinstance(self.basis, str) and self.basis in set(FaultBasis):
            object.__setattr__(self, "basis", FaultBasis(self.basis))

    @classmethod
    def of(cls, facts: DecisionInput) -> Self:
        """Return what `facts` say about the fault; a basis without a share is dropped."""
        return cls(
            share=facts.fault_share,
            basis=facts.fault_basis if facts.fault_share is not None else None,
            can_help=facts.can_help,
            is_our_wording=facts.is_our_wording,
        )

    @property
    def kind(self) -> FaultKind:
        return classify_fault(
            self.share, can_help=self.can_help, is_our_wording=self.is_our_wording
        )

    @property
    def band(self) -> FaultBand:
        """How much of the fault is ours, as the apology asks."""
        share = self.share
        if self.is_our_wording and not share:
            return FaultBand.PART
        if share is None:
            return FaultBand.UNKNOWN
        if share == 0:
            return FaultBand.NONE
        return FaultBand.MOST if share >= MOST else FaultBand.PART

    @property
    def is_founded(self) -> bool:
        """Whether the share rests on something; a guess is no basis (S3.17)."""
        return self.share is not None and bool(self.basis)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values with the kind in words; `from_json` gives the record back."""
        return {
            "share": self.share,
            "basis": None if self.basis is None else str(self.basis),
            "can_help": self.can_help,
            "is_our_wording": self.is_our_wording,
            "kind": self.kind.value,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; the kind follows from the rest and is not read."""
        return cls(
            share=values["share"],
            basis=values["basis"],
            can_help=values["can_help"],
            is_our_wording=values.get("is_our_wording", False),
        )


@dataclass(frozen=True, slots=True)
class ReplyConstraint:
    """What a reply must say, may say, must not say, and which words it must not use.

    `required` stands in the order in which it is said: regret and responsibility before the repair.
    """

    required: tuple[Component, ...]
    welcome: tuple[Component, ...]
    never: tuple[Component, ...]
    forbid: tuple[Ban, ...]
    because: tuple[str, ...]

    def missing(self, found: Sequence[Component]) -> tuple[Component, ...]:
        """Return the required parts that `found` lacks."""
        return tuple(part for part in self.required if part not in found)

    def unwanted(self, found: Sequence[Component]) -> tuple[Component, ...]:
        """Return the parts of `found` that must not be said."""
        return tuple(part for part in found if part in self.never)


def constrain_reply(
    record: FaultRecord,
    *,
    apology: Mapping[FaultBand, ApologyRule],
    strategy: Sequence[Component],
    forbid: Sequence[Ban] = (),
    category: Category | None = Category.BUSINESS_ERROR,
) -> ReplyConstraint:
    """Return what the record asks of a reply under a decision with `strategy` and `forbid`.

    A full answer needs every part of the apology; one that holds or asks only keeps what it has. A
    misunderstanding that is not ours is put right with facts and needs no consolation (D9). What
    is never said at this share is taken out of the strategy too: no rule may own what is not ours.
    """
    rule = apology[record.band]
    is_authors_own = category is Category.MISUNDERSTANDING and record.kind is not FaultKind.OURS
    needs = rule.needs if _is_full_answer(strategy) and not is_authors_own else ()
    parts = [part for part in strategy if part not in rule.never]
    return ReplyConstraint(
        required=_in_order(parts, added=[part for part in needs if part not in parts]),
        welcome=rule.welcome,
        never=rule.never,
        forbid=tuple(dict.fromkeys((*forbid, *rule.forbid))),
        because=rule.because,
    )


def _is_full_answer(strategy: Sequence[Component]) -> bool:
    return bool(strategy) and _NO_FULL_ANSWER.isdisjoint(strategy)


def _in_order(parts: Sequence[Component], *, added: Sequence[Component]) -> tuple[Component, ...]:
    """Put an added apology behind the opening, and other added parts at the end (S2.38)."""
    opening = [part for part in parts if part in _COMES_FIRST]
    rest = [part for part in parts if part not in _COMES_FIRST]
    early = [part for part in added if part in (*_APOLOGY, *_COMES_FIRST)]
    late = [part for part in added if part not in early]
    if not early:
        return (*parts, *late)
    return (*opening, *early, *rest, *late)
