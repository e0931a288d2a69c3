"""Reading what stands around the clauses, and the clauses, one by one."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta

from amends.core.policy.policy import AppealTimes, Clause, ClauseText, Consequence, PageText
from amends.core.policy.terms import GROUNDS, LadderStep
from amends.core.text import gettext_noop
from amends.core.vocabulary import PolicyGround
from amends.core.yaml_reader import YamlReader, as_timedelta, show
from amends.core.yaml_tree import MapNode, Node, Scalar

LONGEST_TEXT = 4000
MAX_LIST = 40
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
_LISTS = ("promises", "never_removed")
_PAGE_KEYS = tuple(one.name for one in fields(PageText))
_CLAUSE_KEYS = tuple(one.name for one in fields(ClauseText))
_CRITICISM = re.compile(
    r"negativ|critic|kriti|complain|unfair|unfavou?rable|competitor|review|dislike|bad|rude_?to_?brand"
    r"|olumsuz|ele[sş]tiri|[sş]ik[aâ]yet|keluhan|негатив|критик|жалоб|klacht|oneerlijk",
    re.IGNORECASE,
)


class PartReader:
    """Reads parts with one YamlReader and remembers in which line each of them stands."""

    def __init__(self, reader: YamlReader) -> None:
        self.reader = reader
        self.lines: dict[str, int] = {}
        self._ids: dict[str, int] = {}

    def read_appeal(self, node: Node) -> AppealTimes:
        found = self.reader.mapping(node, path="appeal", required=(), optional=("within", "answer"))
        times = {name: self._length(one, path=f"appeal.{name}") for name, one in found.items()}
        return AppealTimes(times.get("within"), times.get("answer"))

    def read_pages(self, node: Node, *, languages: tuple[str, ...]) -> dict[str, PageText]:
        self.lines["pages"] = node.line
        found = self.reader.mapping(node, path="pages", required=(), optional=languages)
        return {
            code: self._page(found[code], path=f"pages.{code}")
            for code in languages
            if code in found
        }

    def read_clause(self, node: Node, *, path: str, languages: tuple[str, ...]) -> Clause | None:
        required = ("id", "ground", "ladder", "texts")
        found = self.reader.mapping(node, path=path, required=required)
        if not set(required) <= set(found):
            return None
        self.lines[path] = node.line
        self.lines[f"{path}.ladder"] = found["ladder"].line
        texts_path = f"{path}.texts"
        self.lines[texts_path] = found["texts"].line
        texts = self.reader.mapping(
            found["texts"], path=texts_path, required=(), optional=languages
        )
        ground = self._ground(found["ground"], path=f"{path}.ground")
        clause_id = self._id(found["id"], path=f"{path}.id")
        ladder = self._ladder(found["ladder"], path=f"{path}.ladder")
        words = {
            code: self._clause_text(texts[code], path=f"{texts_path}.{code}")
            for code in languages
            if code in texts
        }
        return None if ground is None else Clause(clause_id, ground, ladder, words)

    def _page(self, node: Node, *, path: str) -> PageText:
        self.lines[path] = node.line
        found = self.reader.mapping(node, path=path, required=(), optional=_PAGE_KEYS)
        words = {
            name: self._words(one, path=f"{path}.{name}")
            for name, one in found.items()
            if name not in _LISTS
        }
        lists = {
            name: self._list(found[name], path=f"{path}.{name}") for name in _LISTS if name in found
        }
        return PageText(**words, **lists)  # type: ignore[arg-type]

    def _clause_text(self, node: Node, *, path: str) -> ClauseText:
        self.lines[path] = node.line
        found = self.reader.mapping(node, path=path, required=(), optional=_CLAUSE_KEYS)
        return ClauseText(
            **{name: self._words(one, path=f"{path}.{name}") for name, one in found.items()}
        )

    def _words(self, node: Node, *, path: str) -> str:
        """A text, or nothing yet."""
        self.lines[path] = node.line
        if isinstance(node, Scalar) and (node.value is None or node.value == ""):
            return ""
        return self.reader.text(node, path=path, longest=LONGEST_TEXT)

    def _list(self, node: Node, *, path: str) -> tuple[str, ...]:
        self.lines[path] = node.line
        items = self.reader.items(node, path=path)
        if len(items) > MAX_LIST:
            template = gettext_noop("has more than %(limit)s entries; shorten it")
            self.reader.report(node.line, path=path, template=template, limit=str(MAX_LIST))
            return ()
        read = (self._words(one, path=f"{path}[{at}]") for at, one in enumerate(items))
        return tuple(one for one in read if one)

    def _ground(self, node: Node, *, path: str) -> PolicyGround | None:
        """A ground that a clause may act on; criticism under any name is none (C1, C2)."""
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, str) and value in GROUNDS:
            return PolicyGround(value)
        if isinstance(value, str) and _CRITICISM.search(value):
            template = gettext_noop(
                "%(value)s is no ground: criticism is never removed; it may be one of %(allowed)s"
            )
        else:
            template = gettext_noop("%(value)s is not known; it may be one of %(allowed)s")
        allowed = ", ".join(GROUNDS)
        self.reader.report(
            node.line, path=path, template=template, value=show(node), allowed=allowed
        )
        return None

    def _id(self, node: Node, *, path: str) -> str:
        value = node.value if isinstance(node, Scalar) else None
        if not isinstance(value, str) or not _ID.match(value):
            template = gettext_noop(
                "%(value)s cannot be an id; use small letters, digits and hyphens, like `hate-speech`"
            )
            self.reader.report(node.line, path=path, template=template, value=show(node))
            return ""
        if value in self._ids:
            template = gettext_noop("%(value)s is the id of another clause (line %(first)s)")
            first = str(self._ids[value])
            self.reader.report(node.line, path=path, template=template, value=value, first=first)
        self._ids.setdefault(value, node.line)
        return value

    def _ladder(self, node: Node, *, path: str) -> tuple[Consequence, ...]:
        items = self.reader.items(node, path=path)
        read = [self._rung(one, path=f"{path}[{at}]") for at, one in enumerate(items[:MAX_LIST])]
        return tuple(one for one in read if one is not None)

    def _rung(self, node: Node, *, path: str) -> Consequence | None:
        """`warn`, or `temporary_ban: 7d`; what is not on the ladder is refused."""
        if not isinstance(node, MapNode):
            step = self._step(node, path=path)
            return Consequence(step) if step is not None else None
        found = self.reader.mapping(node, path=path, required=(LadderStep.TEMPORARY_BAN.value,))
        if LadderStep.TEMPORARY_BAN.value not in found:
            return None
        length = self._length(found[LadderStep.TEMPORARY_BAN.value], path=path)
        return Consequence(LadderStep.TEMPORARY_BAN, length)

    def _step(self, node: Node, *, path: str) -> LadderStep | None:
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, str) and value in set(LadderStep):
            return LadderStep(value)
        template = gettext_noop("%(value)s is not on the ladder; it may be one of %(allowed)s")
        self.reader.report(
            node.line, path=path, template=template, value=show(node), allowed=", ".join(LadderStep)
        )
        return None

    def _length(self, node: Node, *, path: str) -> timedelta:
        count, unit = self.reader.duration(node, path=path)
        return as_timedelta(count, unit=unit)
