"""Playbooks small enough to read, for tests."""

from __future__ import annotations

from amends.core.playbook.rules import Playbook
from amends.core.playbook.schema import parse_playbook

CLOCKS = """\
clocks:
  P1: {first_reply: 15m, progress: 1h, resolution: 24h, hours: always}
  P2: {first_reply: 30m, progress: 4h, resolution: 1d}
  P3: {first_reply: 60m, progress: 24h, resolution: 3d}
  P4: {first_reply: 4h, resolution: 5d}
  P5: {first_reply: 4h}
"""
PRIORITIES = """\
priorities:
  - {id: P-all, when: {}, priority: P3, because: [S0.18]}
"""
DEFAULT = """\
default: {id: D0, title: Default, say: Decide., strategy: [ACK], approval: A1, because: [C3]}
"""


def rule(rule_id: str, when: str, *, more: str = "") -> str:
    """One rule in flow style; `when` and `more` are YAML."""
    return (
        f"  - {{id: {rule_id}, title: T, say: S., when: {when}, strategy: [ACK], "
        f"approval: A0, because: [S0.31]{more}}}\n"
    )


def playbook_text(
    *,
    gates: str = "",
    matrix: str = "",
    priorities: str = PRIORITIES,
    clocks: str = CLOCKS,
    default: str = DEFAULT,
) -> str:
    """A whole playbook out of parts; `gates` and `matrix` are made of `rule`s."""
    gate_part = f"gates:\n{gates}" if gates else "gates: []\n"
    matrix_part = f"matrix:\n{matrix}" if matrix else "matrix: []\n"
    head = 'kind: playbook\nname: small\nversion: "7"\n'
    return head + priorities + clocks + gate_part + matrix_part + default


def make_playbook(*, gates: str = "", matrix: str = "", priorities: str = PRIORITIES) -> Playbook:
    return parse_playbook(playbook_text(gates=gates, matrix=matrix, priorities=priorities))
