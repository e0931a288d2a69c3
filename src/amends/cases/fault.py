"""Whose fault it is: a choice of three, or not known yet, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.utils.translation import gettext as _

from amends.cases.transitions import NotPossible
from amends.core.playbook.terms import FaultBasis

OTHER = "other"  # a basis in other words than the codes
BASES = (*FaultBasis, OTHER)
MAX_WORDS = 200


class FaultKind(StrEnum):
    """The three ways in which a fault lies (S2.38, S2.40, S2.41), and that nobody knows."""

    OURS = "ours"
    NOT_OURS_CAN_HELP = "not_ours_can_help"
    NOT_OURS_CANNOT = "not_ours_cannot"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fault:
    """Our share in per cent (None: not known), whether we can help, and what that rests on.

    `basis` is a code of `BASES`; `words` say what stands behind it, and must where it is `other`.
    """

    share: int | None = None
    can_help: bool | None = None
    basis: str = ""
    words: str = ""

    @classmethod
    def of(cls, *, share: int | None, can_help: bool | None, basis: str, words: str = "") -> Self:
        """Read what was given; a basis that is no code is taken as other words. Raises NotPossible."""
        basis, words = basis.strip(), words.strip()
        if basis and basis not in BASES:
            basis, words = OTHER, words or basis
        fault = cls(share, can_help, basis, words)
        fault.check()
        return fault

    @property
    def kind(self) -> FaultKind:
        """Which of the choices it is; help that nobody spoke of is taken as possible."""
        if self.share is None:
            return FaultKind.UNKNOWN
        if self.share > 0:
            return FaultKind.OURS
        return FaultKind.NOT_OURS_CANNOT if self.can_help is False else FaultKind.NOT_OURS_CAN_HELP

    def check(self) -> None:
        """Raise NotPossible for what no person can mean: a guess is no basis."""
        if self.share is not None and not 0 <= self.share <= 100:
            raise NotPossible(_("The fault share is a number from 0 to 100."))
        if self.share is not None and not self.basis:
            raise NotPossible(
                _("Say what the fault share rests on: order data, a department, an admission.")
            )
        if self.basis == OTHER and not self.words:
            raise NotPossible(_("Say in words what the fault share rests on."))
        if len(self.words) > MAX_WORDS:
            raise NotPossible(
                _("What it rests on is too long: at most %(count)d characters.")
                % {"count": MAX_WORDS}
            )
