"""Writing a policy as a file: what the form edits and the file says are the same thing."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import yaml

from amends.core.policy.policy import Clause, Consequence, Policy

_WIDTH = 100


class _Dumper(yaml.SafeDumper):
    """Lists stand indented below their key; no references, since ours refuse them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        super().increase_indent(flow, indentless=False)


def write_policy(policy: Policy) -> str:
    """Return the YAML of a policy: `parse_policy` of it gives the same policy, its digest apart."""
    tree: dict[str, Any] = {
        "kind": "policy",
        "name": policy.named.name,
        "version": policy.named.version,
        "languages": list(policy.languages),
        "appeal": {
            key: _length(value)
            for key, value in (("within", policy.appeal.within), ("answer", policy.appeal.answer))
            if value is not None
        },
        "pages": {code: _texts(page) for code, page in policy.pages.items()},
        "clauses": [_clause(one) for one in policy.clauses],
    }
    if not tree["appeal"]:
        del tree["appeal"]
    dumped = yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return str(dumped)


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "ground": clause.ground.value,
        "ladder": [_rung(one) for one in clause.ladder],
        "texts": {code: _texts(text) for code, text in clause.texts.items()},
    }


def _rung(rung: Consequence) -> str | dict[str, str]:
    return rung.step.value if rung.length is None else {rung.step.value: _length(rung.length)}


def _texts(text: Any) -> dict[str, Any]:
    """The parts that say something."""
    said = {one.name: getattr(text, one.name) for one in fields(text)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in said.items()
        if value
    }


def _length(length: timedelta) -> str:
    """`7d`, `36h` or `90m`, as the reader of files takes it."""
    minutes = int(length.total_seconds()) // 60
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
