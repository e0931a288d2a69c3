"""A starting point, its file, and what stands in for the words that differ from case to case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from amends.core.text import gettext_noop
from amends.core.vocabulary import Category
from amends.core.yaml_reader import YamlReader, show
from amends.core.yaml_tree import FileProblem, Node, Scalar, parse_yaml

KIND = "starting_points"
VARIABLES = ("author", "brand", "agent", "order", "product", "time")
"""What may stand in braces; what the desk does not know becomes a gap for the writer."""

MOST, LONGEST_TITLE, LONGEST_TEXT = 300, 120, 4_000
_VARIABLE = re.compile(r"\{([^{}\n]{0,40})\}")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingPoint:
    """`category` is empty where it suits any matter; `text` holds variables like {author}."""

    code: str
    title: str
    language: str
    category: str = ""
    text: str


def unknown_variables(text: str) -> tuple[str, ...]:
    """What stands in braces and is no variable, each once, in order."""
    found = _VARIABLE.findall(text)
    return tuple(dict.fromkeys(one for one in found if one not in VARIABLES))


def fill(text: str, *, known: Mapping[str, str], gap: str) -> str:
    """The text with its variables filled in; a gap where nobody knows the word."""
    return _VARIABLE.sub(lambda found: known.get(found[1], "") or gap, text)


def fixed_parts(text: str, *, gap: str) -> tuple[str, ...]:
    """The words between variables and gaps, in order; empty ones at the ends where it begins with one."""
    return tuple(_VARIABLE.sub(gap, text).split(gap))


def write_points(points: Sequence[StartingPoint]) -> str:
    """Return the YAML: `parse_points` of it gives the same points."""
    texts = [
        {
            "code": one.code,
            "title": one.title,
            "language": one.language,
            **({"category": one.category} if one.category else {}),
            "text": one.text,
        }
        for one in points
    ]
    tree = {"kind": KIND, "texts": texts}
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=100)


def parse_points(source: str) -> tuple[tuple[StartingPoint, ...], tuple[FileProblem, ...]]:
    """Read a file; the points are of use only where there is no problem."""
    root, problems = parse_yaml(source)
    reader = YamlReader(problems)
    if root is None or problems:
        return (), tuple(problems)
    top = reader.mapping(root, path="", required=("kind", "texts"))
    if "kind" in top and reader.text(top["kind"], path="kind", longest=40) != KIND:
        template = gettext_noop("is a file of another kind; this one needs `kind: %(kind)s`")
        reader.report(1, path="kind", template=template, kind=KIND)
    items = reader.items(top["texts"], path="texts") if "texts" in top else ()
    points: list[StartingPoint] = []
    for at, item in enumerate(items[:MOST]):
        points.append(_point(item, path=f"texts[{at}]", reader=reader))
        if points[-1].code in {one.code for one in points[:-1]}:
            template = gettext_noop("%(value)s stands in the list twice")
            reader.report(
                item.line, path=f"texts[{at}].code", template=template, value=points[-1].code
            )
    if len(items) > MOST:
        template = gettext_noop("has more than %(limit)s entries")
        reader.report(1, path="texts", template=template, limit=str(MOST))
    return tuple(points), tuple(reader.problems)


def _point(node: Node, *, path: str, reader: YamlReader) -> StartingPoint:
    entries = reader.mapping(
        node, path=path, required=("code", "title", "language", "text"), optional=("category",)
    )

    def text(key: str, longest: int) -> str:
        there = entries.get(key)
        return reader.text(there, path=f"{path}.{key}", longest=longest) if there else ""

    point = StartingPoint(
        code=text("code", 80),
        title=text("title", LONGEST_TITLE),
        language=text("language", 3),
        category=text("category", 40),
        text=text("text", LONGEST_TEXT),
    )
    for key, is_fine in (
        ("code", bool(_CODE.match(point.code))),
        ("language", bool(_LANGUAGE.match(point.language))),
        ("category", point.category in {"", *Category}),
    ):
        there = entries.get(key)
        if isinstance(there, Scalar) and not is_fine:
            template = gettext_noop("%(value)s cannot stand here")
            reader.report(there.line, path=f"{path}.{key}", template=template, value=show(there))
    for name in unknown_variables(point.text):
        template = gettext_noop("{%(name)s} is no variable; there are %(allowed)s")
        allowed = ", ".join(f"{{{one}}}" for one in VARIABLES)
        reader.report(node.line, path=f"{path}.text", template=template, name=name, allowed=allowed)
    return point
