"""The authority matrix in words: what each role may, from the defaults in code or from what was laid down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amends.accounts.authority_defaults import DEFAULTS, Default
from amends.accounts.models import Act, Authority, Role
from amends.connectors import registry
from amends.core.money import Money
from amends.web.labels import LANGUAGES, label_of

SHOWN = (Role.OWNER, Role.LEAD, Role.AGENT)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role may of one act: lines of words, and the rows that say so (none: the default)."""

    act: str
    label: str
    lines: tuple[str, ...]
    rows: tuple[Authority, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A role and its cells, in the order of the acts."""

    role: str
    label: str
    cells: tuple[Cell, ...]


def read_matrix(rows: Iterable[Authority]) -> tuple[MatrixRow, ...]:
    """The matrix with the rows that are in force."""
    laid_down = [row for row in rows if not row.person_id]
    return tuple(
        MatrixRow(
            role.value,
            str(role.label),
            tuple(_cell(role, act, laid_down=laid_down) for act in Act),
        )
        for role in SHOWN
    )


def describe(row: Authority) -> str:
    """The limits of a grant in words."""
    said = []
    if row.money is not None:
        said.append(_("up to %(amount)s") % {"amount": row.money})
    if row.act == Act.BAN:
        said.append(_days(row.days))
    if row.languages:
        said.append(", ".join(label_of(LANGUAGES, code) for code in row.languages))
    if row.brand is not None:
        said.append(str(row.brand))
    if row.channels:
        said.append(", ".join(channel_label(code) for code in row.channels))
    return " · ".join(said) or _("without limit")


def channel_label(code: str) -> str:
    """The name of a channel; its code where it is not there any more."""
    manifest = registry.manifests().get(code)
    return _(manifest.label) if manifest else code


def _cell(role: Role, act: Act, *, laid_down: list[Authority]) -> Cell:
    rows = tuple(row for row in laid_down if row.role == role and row.act == act)
    if rows:
        lines = tuple(describe(row) for row in rows)
    elif (role, act) in DEFAULTS:
        lines = _default(act, DEFAULTS[role, act])
    else:
        lines = (_("no"),)
    return Cell(act.value, str(act.label), lines, rows)


def _default(act: Act, default: Default) -> tuple[str, ...]:
    if default.limits is not None:
        amounts = ", ".join(str(Money(amount, code)) for code, amount in default.limits.items())
        return (_("up to %(amount)s") % {"amount": amounts},)
    if act == Act.BAN:
        return (_days(default.days),)
    return (_("yes"),) if act != Act.COMPENSATE else (_("without limit"),)


def _days(days: int | None) -> str:
    if days is None:
        return _("any length")
    return ngettext("up to %(count)d day", "up to %(count)d days", days) % {"count": days}
