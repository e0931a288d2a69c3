"""Who may agree after so much waiting: approvals do not wait for ever, and nothing sends itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from amends.core.playbook.rules import ApprovalRule
from amends.core.playbook.terms import Approver, LateApproval
from amends.core.vocabulary import ApprovalLevel


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may agree now. One of `who` must, and one of `together_with` where it names anybody.

    `holding_by` may agree to a holding reply alone. `is_late` when the first time-out has passed.
    """

    level: ApprovalLevel
    who: tuple[Approver, ...]
    together_with: tuple[Approver, ...] = ()
    holding_by: tuple[Approver, ...] = ()
    is_late: bool = False


def find_authority(
    level: ApprovalLevel,
    *,
    approvals: Mapping[ApprovalLevel, ApprovalRule],
    waited: timedelta,
) -> Authority:
    """Return who may agree to what asks for `level` and has waited for `waited` (S1.14, C8, K12).

    After the time-out of the level its deputies may agree too, or only to a holding reply; after a
    second one the level above may, too. Waiting only ever adds people: who could agree still can.
    Raises KeyError for a level that `approvals` does not hold (`standing.approvals_of` holds all).
    """
    rule = approvals[level]
    if rule.timeout is None or waited < rule.timeout:
        return Authority(level, rule.who, rule.together_with)
    who, holding_by = rule.who, rule.deputies
    if rule.then is LateApproval.DEPUTY:
        who = tuple(dict.fromkeys((*rule.who, *rule.deputies)))
    if rule.escalates_to is not None and waited >= 2 * rule.timeout:
        above = approvals[rule.escalates_to].who
        holding_by = tuple(dict.fromkeys((*holding_by, *above)))
        if rule.then is LateApproval.DEPUTY:
            who = tuple(dict.fromkeys((*who, *above)))
    return Authority(level, who, rule.together_with, holding_by, is_late=True)
