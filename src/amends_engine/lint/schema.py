"""What a language file must hold, and reading it so that every mistake is told with its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import yaml

MAX_BYTES = 300_000
MAX_PROBLEMS = 50

APOSTROPHES = ("join", "cut", "contract")
"""What stands after an apostrophe: part of the word, an ending to drop, a word in short."""

CLASSES = ("we", "you", "but")
"""Word lists that every language names; files may add others."""

LEXICONS = (
    # apology and responsibility (Q02, Q03, Q07, Q27)
    "apology", "responsibility", "own_act", "empathy", "non_apology", "external_cause", "but",
    # manner (Q07-Q10, Q28, Q30)
    "defensive", "blame", "mockery", "scare", "anger", "discrimination",
    # law and stock phrases (Q11-Q13)
    "legalese", "evasion", "stock", "stock_strong", "dear_customer", "first_person", "name_given",
    # solution and promise (Q04, Q05, Q24, Q27)
    "fix", "repair", "commit", "handled", "soon", "time", "deadline", "their_time", "condition", "done",
    # hand-over (Q06)
    "ask_data", "here", "private_way", "off_request", "privacy_reason", "outcome_here",
    # debate and questions (Q17, Q18)
    "rebuttal", "parting", "ask",
    # money and deletion (Q19, Q23)
    "gift", "bargain",
    # facts (Q20)
    "hedge", "third_party", "speculation", "figure",
    # standing alone (Q22), gravity (Q25), ground of others (Q29)
    "internal", "everyday", "case_word", "private_reference", "promo", "affiliation",
    # statement of reasons (Q26)
    "removal", "sor_what", "sor_when", "sor_rule", "sor_fact", "sor_scope", "sor_automation",
    "sor_appeal", "sor_term",
    # personal data (Q16)
    "order_word", "identity_word", "street", "own_contact", "customer_title",
)  # fmt: skip

TOPICS = (
    "delivery", "money", "returns", "account", "app", "connection", "service", "staff", "food",
    "travel", "stay", "health", "repair", "price", "subscription", "booking", "clothes", "hygiene",
    "store", "energy", "quality", "advert", "loyalty", "waiting", "damage", "missing", "wrong",
    "privacy", "vehicle", "learning", "event", "noise", "machine", "screen", "home", "work",
    "environment", "safety",
)  # fmt: skip
"""What comments are about, the same in every language, so that a reply can be held against one."""

REASONS = (
    "Q01", "Q02", "Q02.cause", "Q03", "Q04", "Q04.soon", "Q05", "Q05.passive", "Q06.data",
    "Q06.bare", "Q07", "Q07.but", "Q08", "Q09", "Q09.scare", "Q09.wink", "Q10", "Q10.caps",
    "Q10.marks", "Q11", "Q11.evasion", "Q12", "Q12.stock", "Q13", "Q13.dear", "Q14", "Q15.mixed",
    "Q15.other", "Q16", "Q16.order", "Q16.name", "Q17", "Q17.long", "Q18", "Q18.bare", "Q19",
    "Q20", "Q20.figure", "Q21.long", "Q21.short", "Q21.curt", "Q22", "Q22.private", "Q23", "Q24",
    "Q25", "Q25.promo", "Q26", "Q27", "Q28", "Q29", "Q30",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a language file; lines count from 1."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.line}: {self.path}: {self.message}"


class LanguageFileError(ValueError):
    """Raised for a language file that cannot be used; `problems` has each mistake."""

    def __init__(self, name: str, problems: Collection[Problem]) -> None:
        super().__init__("\n".join(f"{name}:{problem}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(slots=True)
class Source:
    """A YAML tree that is read key by key; problems are noted with their line."""

    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """The line of each path that was read, so that later mistakes can name it."""

    def note(self, node: yaml.Node, path: str, message: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(node.start_mark.line + 1, path, message))

    def note_at(self, path: str, message: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.lines.get(path, 1), path, message))

    def mapping(
        self, node: yaml.Node | None, path: str, *, known: Collection[str] | None = None
    ) -> dict[str, yaml.Node]:
        """Return the values by key; what is doubled or not in `known` is a problem."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.note(node, path, "needs keys with values")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self.note(key, f"{path}.{name}", "stands there twice")
            if known is not None and name not in known:
                self.note(key, f"{path}.{name}", "is not known here")
                continue
            self.lines[f"{path}.{name}"] = key.start_mark.line + 1
            found[name] = value
        return found

    def require(self, entries: Mapping[str, yaml.Node], path: str, names: Collection[str]) -> None:
        for name in names:
            if name not in entries:
                self.note_at(path, f"'{name}' is missing")

    def texts(self, node: yaml.Node | None, path: str) -> tuple[str, ...]:
        """Return a list of texts; each element keeps its line under `path[n]`."""
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.note(node, path, "needs a list, like [a, b]")
            return ()
        read = []
        for at, item in enumerate(node.value):
            self.lines[f"{path}[{at}]"] = item.start_mark.line + 1
            read.append(self.text(item, f"{path}[{at}]"))
        return tuple(read)

    def text(self, node: yaml.Node | None, path: str) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not str(node.value).strip():
            self.note(node, path, "needs a text")
            return ""
        return str(node.value)

    def flag(self, node: yaml.Node | None, path: str) -> bool:
        value = self.text(node, path) if node is not None else "false"
        if node is not None and value not in ("true", "false"):
            self.note(node, path, "is neither true nor false")
        return value == "true"

    def whole(self, node: yaml.Node | None, path: str, *, highest: int) -> int:
        value = self.text(node, path) if node is not None else "0"
        if not value.isascii() or not value.isdigit() or int(value) > highest:
            if node is not None:
                self.note(node, path, f"needs a whole number up to {highest}")
            return 0
        return int(value)


def compose_tree(raw: bytes, *, name: str) -> yaml.Node:
    """Return the YAML tree; raise LanguageFileError where it is none, too large, or has aliases."""
    if len(raw) > MAX_BYTES:
        raise LanguageFileError(name, [Problem(1, "file", f"has more than {MAX_BYTES} bytes")])
    try:
        text = raw.decode("utf-8")
        for token in yaml.scan(text, Loader=_LOADER):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                line = token.start_mark.line + 1
                raise LanguageFileError(name, [Problem(line, "file", "aliases are not allowed")])
        node = yaml.compose(text, Loader=_LOADER)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise LanguageFileError(name, [Problem(line, "file", "is not UTF-8")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = str(getattr(error, "problem", error))
        raise LanguageFileError(name, [Problem(line, "file", f"not YAML ({reason})")]) from error
    if node is None:
        raise LanguageFileError(name, [Problem(1, "file", "is empty")])
    return node


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
