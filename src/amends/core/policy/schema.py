"""Reading a policy: every mistake with its line, its place, and what to do.

What is missing in the words of a clause is no mistake of the file but of the policy, so that a draft can be
kept while it is written: `lint.py` refuses it before it is published.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files

from amends.core.policy.policy import (
    AppealTimes,
    Clause,
    Policy,
    PolicyName,
)
from amends.core.policy.schema_parts import PartReader
from amends.core.text import gettext_noop
from amends.core.yaml_reader import YamlReader
from amends.core.yaml_tree import FileProblem, MapNode, Node, Scalar, parse_yaml

__all__ = ["Policy", "PolicyError", "load_shipped_policy", "parse_policy", "read_shipped_policy"]

SHIPPED = ("starting",)
PARTS = ("kind", "name", "version", "languages", "pages", "clauses")
MAX_CLAUSES = 60
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?\Z")


class PolicyError(ValueError):
    """A text is no policy; `problems` holds every reason, in the order of the lines."""

    def __init__(self, problems: list[FileProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(f"line {one.line}: {one.message}" for one in self.problems))


def parse_policy(source: str | bytes) -> Policy:
    """Return the policy written in `source`; raise PolicyError with all its mistakes.

    A published policy is read with this alone: a lint that has become stricter since must not take it away.
    """
    root, problems = parse_yaml(source)
    if root is None:
        raise PolicyError(problems)
    reader = YamlReader(problems)
    policy = _read(reader, root, digest=_digest(source))
    if policy is None or reader.problems:
        raise PolicyError(reader.problems)
    return policy


def read_shipped_policy(name: str = "starting") -> bytes:
    """Return the text of a policy of ours; raise KeyError with the names that there are."""
    if name not in SHIPPED:
        raise KeyError(f"no policy of ours is called {name}; there is {', '.join(SHIPPED)}")
    return files("amends.core.policy").joinpath("policies", f"{name}.yaml").read_bytes()


@cache
def load_shipped_policy(name: str = "starting") -> Policy:
    """Return a policy of ours, parsed once per process."""
    return parse_policy(read_shipped_policy(name))


def _digest(source: str | bytes) -> str:
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return hashlib.sha256(raw).hexdigest()


def _read(reader: YamlReader, root: Node, *, digest: str) -> Policy | None:
    if not _is_policy(reader, root):
        return None
    found = reader.mapping(root, path="", required=PARTS, optional=("appeal",))
    if not set(PARTS) <= set(found):
        return None
    parts = PartReader(reader)
    languages = _read_languages(reader, found["languages"])
    policy = Policy(
        named=PolicyName(
            reader.text(found["name"], path="name", longest=64),
            reader.text(found["version"], path="version", longest=32),
            digest,
        ),
        languages=languages,
        appeal=parts.read_appeal(found["appeal"]) if "appeal" in found else AppealTimes(),
        pages=parts.read_pages(found["pages"], languages=languages),
        clauses=_read_clauses(reader, found["clauses"], parts=parts, languages=languages),
        lines=parts.lines,
    )
    parts.lines["languages"] = found["languages"].line
    parts.lines["appeal"] = found["appeal"].line if "appeal" in found else root.line
    parts.lines["clauses"] = found["clauses"].line
    return policy


def _read_clauses(
    reader: YamlReader, node: Node, *, parts: PartReader, languages: tuple[str, ...]
) -> tuple[Clause, ...]:
    items = reader.items(node, path="clauses")
    if len(items) > MAX_CLAUSES:
        template = gettext_noop("has more than %(limit)s clauses; nobody reads so many")
        reader.report(node.line, path="clauses", template=template, limit=str(MAX_CLAUSES))
        return ()
    read = (
        parts.read_clause(item, path=f"clauses[{position}]", languages=languages)
        for position, item in enumerate(items)
    )
    return tuple(clause for clause in read if clause is not None)


def _is_policy(reader: YamlReader, root: Node) -> bool:
    """Whether the file says that it is one; of anything else further mistakes mean nothing."""
    _, kind = reader.open_mapping(root, path="").get("kind", (1, None))
    if kind is None or (isinstance(kind, Scalar) and kind.value == "policy"):
        return isinstance(root, MapNode)
    if isinstance(kind, Scalar) and kind.value == "playbook":
        template = gettext_noop("this is a playbook; check it with `amends playbook check`")
    else:
        template = gettext_noop("this is not a policy; a policy says `kind: policy`")
    reader.report(kind.line, path="kind", template=template)
    return False


def _read_languages(reader: YamlReader, node: Node) -> tuple[str, ...]:
    read: list[str] = []
    for item in reader.items(node, path="languages"):
        code = item.value if isinstance(item, Scalar) else None
        if not isinstance(code, str) or not _LANGUAGE.match(code):
            template = gettext_noop("a language is a code like en, tr or pt-BR")
            reader.report(item.line, path="languages", template=template)
        elif code in read:
            template = gettext_noop("%(value)s stands in the list twice")
            reader.report(item.line, path="languages", template=template, value=code)
        else:
            read.append(code)
    if not read:
        template = gettext_noop("name at least one language")
        reader.report(node.line, path="languages", template=template)
    return tuple(read)
