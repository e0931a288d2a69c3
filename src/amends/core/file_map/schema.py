"""Reads and checks a map in YAML; all mistakes at once, each with its line and column."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from amends.core.file_map.file_map import ISO, KIND, REQUIRED, UNIX, UNIX_MS, YES, FileMap, Part
from amends.core.text import gettext_noop
from amends.core.yaml_reader import YamlReader, show
from amends.core.yaml_tree import FileProblem, MapNode, Node, Scalar, parse_yaml

MAX_NAME = 200
MAX_OURS = 50
_DIRECTIVES = frozenset("dmYyHIMSfpzZbBjaA%")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_SAMPLE = datetime(2024, 11, 25, 13, 45, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MapReview:
    """What a check found; `file_map` is None as long as there are problems."""

    file_map: FileMap | None
    problems: tuple[FileProblem, ...]


def review_file_map(source: str | bytes) -> MapReview:
    """Check a map; what it says about a certain file is checked by `check_header`."""
    tree, problems = parse_yaml(source)
    reader = YamlReader(problems)
    found = None if tree is None else _read(reader, tree)
    return MapReview(None if reader.problems else found, tuple(reader.problems))


def check_header(file_map: FileMap, header: Collection[str]) -> list[tuple[Part, str]]:
    """The parts whose column the file does not have."""
    return [(part, name) for part, name in file_map.columns.items() if name not in header]


def why_no_date_format(pattern: str) -> str:
    """Why dates cannot be read by this pattern, as a message id; empty when they can."""
    if pattern in {ISO, UNIX, UNIX_MS}:
        return ""
    used = re.findall(r"%(.?)", pattern)
    if not used or not set(used) <= _DIRECTIVES:
        return gettext_noop(
            "%(value)s is no form of dates; write iso, unix, unix_ms or a pattern like %%d.%%m.%%Y %%H:%%M"
        )
    has_day = "j" in used or ("d" in used and set(used) & set("mbB"))
    if not has_day or not set(used) & set("Yy"):
        return gettext_noop("%(value)s does not name day, month and year")
    try:
        datetime.strptime(_SAMPLE.strftime(pattern), pattern)  # noqa: DTZ007 - only whether it can be read
    except (ValueError, re.error):
        return gettext_noop("%(value)s cannot be read back as a date")
    return ""


def find_zone(name: str) -> tzinfo | None:
    """The time zone of a name like Europe/Istanbul; None where there is none."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _read(reader: YamlReader, tree: Node) -> FileMap:
    entries = reader.mapping(
        tree,
        path="",
        required=("kind", "columns"),
        optional=("dates", "language", "ours"),
    )
    kind = entries.get("kind")
    if kind is not None and not (isinstance(kind, Scalar) and kind.value == KIND):
        template = gettext_noop("%(value)s is another kind of file; a map of columns says import")
        reader.report(kind.line, path="kind", template=template, value=show(kind))
    columns = _read_columns(reader, entries.get("columns"))
    date_format, zone_name, zone = _read_dates(reader, entries.get("dates"))
    return FileMap(
        columns=columns,
        date_format=date_format,
        zone_name=zone_name,
        zone=zone,
        language=_read_language(reader, entries.get("language")),
        ours=_read_ours(reader, entries.get("ours")),
    )


def _read_columns(reader: YamlReader, node: Node | None) -> dict[Part, str]:
    if node is None:
        return {}
    known = [part.value for part in Part]
    required = [part.value for part in REQUIRED]
    others = [name for name in known if name not in required]
    entries = reader.mapping(node, path="columns", required=required, optional=others)
    columns: dict[Part, str] = {}
    for name, value in entries.items():
        columns[Part(name)] = reader.text(value, path=f"columns.{name}", longest=MAX_NAME)
    return columns


def _read_dates(reader: YamlReader, node: Node | None) -> tuple[str, str, tzinfo]:
    if node is None:
        return ISO, "UTC", UTC
    entries = reader.mapping(node, path="dates", required=(), optional=("format", "timezone"))
    pattern, name, zone = ISO, "UTC", UTC
    written = entries.get("format")
    if written is not None:
        pattern = reader.text(written, path="dates.format", longest=60)
        wrong = why_no_date_format(pattern) if pattern else ""
        if wrong:
            reader.report(written.line, path="dates.format", template=wrong, value=pattern)
    where = entries.get("timezone")
    if where is None:
        return pattern, name, zone
    name = reader.text(where, path="dates.timezone", longest=60)
    found = find_zone(name) if name else UTC
    if found is None:
        template = gettext_noop(
            "%(value)s is no time zone that is known here; write it like Europe/Istanbul"
        )
        reader.report(where.line, path="dates.timezone", template=template, value=name)
    return pattern, name, found or UTC


def _read_language(reader: YamlReader, node: Node | None) -> str:
    if node is None:
        return ""
    code = reader.text(node, path="language", longest=35)
    if code and not _LANGUAGE.match(code):
        template = gettext_noop("%(value)s is no code of a language; write it like tr or pt-BR")
        reader.report(node.line, path="language", template=template, value=code)
    return code


def _read_ours(reader: YamlReader, node: Node | None) -> tuple[str, ...]:
    if node is None or isinstance(node, MapNode):
        if node is not None:
            reader.items(node, path="ours")
        return YES
    values = [
        _plain(reader, item, at=at) for at, item in enumerate(reader.items(node, path="ours"))
    ]
    return tuple(value.casefold() for value in values[:MAX_OURS] if value) or YES


def _plain(reader: YamlReader, node: Node, *, at: int) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return str(node.value).lower()
    return reader.text(node, path=f"ours[{at}]", longest=MAX_NAME)
