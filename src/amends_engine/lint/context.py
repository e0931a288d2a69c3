"""What is known around a reply: parsed from JSON at the border, typed from there on.

A branch of a check whose key is absent is skipped, so that absent differs from null: `has` says
whether a key was given. `fault_share` null means that nobody knows yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SEVERITIES = ("low", "medium", "high", "critical")
ADDRESSES = ("siz", "sen", "anda", "kak", "kamu", "vy", "ty", "u", "je")
CASE_STATES = ("open", "resolved")
VIRALITIES = ("low", "high")
OWNERS = ("own", "third_party")
COMPONENTS = (
    "ACK", "EMP", "THX", "REG", "RESP", "EXP", "REP", "FIX", "ASK", "FACT", "HELP", "TIME", "OFF",
    "HOLD", "DIS", "MODN", "SOR", "FORM", "CLOSE",
)  # fmt: skip
COMPLAINTS = ("business_error", "misunderstanding", "general_negativity", "employee", "vague")

_SPELLINGS = {
    "employee_current": "employee",
    "employee_former": "employee",
    "spam_scam": "spam",
    "troll_suspect": "troll",
}
_CHANNELS = {"twitter": "x", "mail": "email", "e-mail": "email"}


class UnusableRow(ValueError):
    """Raised for a row that cannot be linted; says which key is wrong and what it may be."""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A row of the promise register. `due` is local time; None where absent or unreadable."""

    text: str
    owner: str
    due: datetime | None
    has_due: bool

    @property
    def is_kept_by_somebody(self) -> bool:
        return bool(self.owner) and self.has_due


@dataclass(frozen=True, slots=True)
class Context:
    """The context of a reply; use `has` before trusting a default."""

    given: frozenset[str] = frozenset()
    fault_share: float | None = None
    severity: str = ""
    category: str = ""
    channel: str = ""
    public: bool = False
    address: str = ""
    required: tuple[str, ...] = ()
    case_state: str = ""
    promises: tuple[PromiseRow, ...] = ()
    recent_replies: tuple[str, ...] = ()
    turns_public: int = 0
    troll_confirmed: bool = False
    now: datetime | None = None
    virality: str = ""
    facts: tuple[str, ...] = ()
    counsel_approved: bool = False
    channel_owner: str = ""
    fallback_langs: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    private_links: tuple[str, ...] = ()

    def has(self, key: str) -> bool:
        return key in self.given

    @property
    def is_at_fault(self) -> bool:
        return self.fault_share is not None and self.fault_share >= 1

    @property
    def is_grave(self) -> bool:
        return self.severity in ("high", "critical")

    @property
    def is_complaint(self) -> bool:
        return self.category in COMPLAINTS

    def requires(self, *components: str) -> bool:
        """Return whether the decision asks for one of these components."""
        return any(component in self.required for component in components)


def parse_context(raw: object) -> Context:
    """Return the context; raise UnusableRow naming key and fault. Unknown keys are let be."""
    if raw is None:
        return Context()
    if not isinstance(raw, Mapping):
        raise UnusableRow("'context' is not an object")
    reader = _Reader(raw)
    category = reader.text("category").lower()
    channel = reader.text("channel").lower()
    return Context(
        given=frozenset(key for key in raw if isinstance(key, str)),
        fault_share=reader.share("fault_share"),
        severity=reader.choice("severity", SEVERITIES),
        category=_SPELLINGS.get(category, category),
        channel=_CHANNELS.get(channel, channel),
        public=reader.flag("public"),
        address=reader.choice("address", ADDRESSES),
        required=reader.texts("required", upper=True),
        case_state=reader.choice("case_state", CASE_STATES),
        promises=reader.promises(),
        recent_replies=reader.texts("recent_replies"),
        turns_public=reader.count("turns_public"),
        troll_confirmed=reader.flag("troll_confirmed"),
        now=reader.moment("now"),
        virality=reader.choice("virality", VIRALITIES),
        facts=reader.texts("facts"),
        counsel_approved=reader.flag("counsel_approved"),
        channel_owner=reader.choice("channel_owner", OWNERS),
        fallback_langs=reader.texts("fallback_langs"),
        signatures=reader.texts("signatures"),
        private_links=reader.texts("private_links"),
    )


class _Reader:
    """Reads values by key; null counts as absent but for `fault_share`."""

    def __init__(self, raw: Mapping[Any, Any]) -> None:
        self._raw = raw

    def text(self, key: str) -> str:
        value = self._raw.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise UnusableRow(f"context.{key} is not a text")
        return value.strip()

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        value = self.text(key).lower()
        if value and value not in known:
            raise UnusableRow(f"context.{key} is '{value[:40]}'; it may be {', '.join(known)}")
        return value

    def flag(self, key: str) -> bool:
        value = self._raw.get(key)
        if value is not None and not isinstance(value, bool):
            raise UnusableRow(f"context.{key} is neither true nor false")
        return bool(value)

    def count(self, key: str) -> int:
        value = self._raw.get(key)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UnusableRow(f"context.{key} is not a whole number from 0")
        return value

    def share(self, key: str) -> float | None:
        value = self._raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
            raise UnusableRow(f"context.{key} is not a number from 0 to 100, or null")
        return float(value)

    def texts(self, key: str, *, upper: bool = False) -> tuple[str, ...]:
        value = self._raw.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UnusableRow(f"context.{key} is not a list of texts")
        return tuple(item.strip().upper() if upper else item for item in value)

    def moment(self, key: str) -> datetime | None:
        value = self.text(key)
        if not value:
            return None
        moment = _read_moment(value)
        if moment is None:
            raise UnusableRow(f"context.{key} is no ISO time, like 2026-11-25T18:00")
        return moment

    def promises(self) -> tuple[PromiseRow, ...]:
        value = self._raw.get("promises")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            raise UnusableRow("context.promises is not a list of objects {text, owner, due}")
        return tuple(_read_promise(item) for item in value)


def _read_promise(row: Mapping[Any, Any]) -> PromiseRow:
    text, owner, due = (row.get(key) or "" for key in ("text", "owner", "due"))
    if not (isinstance(text, str) and isinstance(owner, str) and isinstance(due, str)):
        raise UnusableRow("context.promises has a row whose text, owner or due is not a text")
    return PromiseRow(text, owner.strip(), _read_moment(due), bool(due.strip()))


def _read_moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
