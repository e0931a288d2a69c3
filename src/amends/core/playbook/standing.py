"""What holds where a playbook leaves a section out: the desk's own, from the general playbook."""

from __future__ import annotations

from collections.abc import Mapping

from amends.core.playbook.rules import (
    ApologyRule,
    ApprovalRule,
    ComponentWords,
    PauseRule,
    Playbook,
)
from amends.core.playbook.schema import load_shipped_playbook
from amends.core.playbook.terms import Component, FaultBand, PauseKind
from amends.core.vocabulary import ApprovalLevel


def approvals_of(playbook: Playbook) -> Mapping[ApprovalLevel, ApprovalRule]:
    """Return who may agree at every level; levels that the playbook leaves out are ours."""
    return {**_standing().approvals, **playbook.approvals}


def pauses_of(playbook: Playbook) -> Mapping[PauseKind, PauseRule]:
    """Return when clocks stand still. A playbook with a section of its own says all of it."""
    return playbook.pauses or _standing().pauses


def components_of(playbook: Playbook) -> Mapping[Component, ComponentWords]:
    """Return what every part of a reply is; parts that the playbook does not explain are ours."""
    return {**_standing().components, **playbook.components}


def apology_of(playbook: Playbook) -> Mapping[FaultBand, ApologyRule]:
    """Return what is said at each share of the fault; the schema lets no band be left out."""
    return playbook.apology or _standing().apology


def _standing() -> Playbook:
    return load_shipped_playbook("general")
