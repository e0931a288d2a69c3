"""Which tables an export holds, which rows of them belong to a workspace, and which fields never leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import BinaryField, Field, Model, QuerySet

from amends.work.models import WorkRow

APPS = ("accounts", "record", "inbox", "cases", "replies", "measures", "crisis", "learning")
LEFT_OUT = {
    "accounts.User": "people stand in membership, without what signs them in",
    "accounts.SetupLink": "a link that makes an owner belongs to no workspace",
    "accounts.Invitation": "an invitation is a key",
    "accounts.NoticePreference": "a person's own, across workspaces",
    "accounts.NoticeHours": "a person's own, across workspaces",
    "accounts.NoticeAddress": "a person's own, sealed",
    "accounts.NoticeDelivery": "how a person was told is theirs",
    "record.LogBatch": "the chain is of the whole desk: `amends log verify` checks it there",
    "record.LogLink": "the chain is of the whole desk",
    "measures.AppealLink": "a link to an appeal is a key",
    "accounts.ApiToken": "a token is a key",
    "accounts.IdempotencyKey": "answers kept for a day, for programs that ask twice",
    "cases.WelfareChoice": "a person's own, across workspaces",
    "cases.HostileDay": "for nobody's eyes but those of the person it counts for",
    "cases.PassedOn": "a case is passed on without a word, and none is written down here",
    "cases.Presence": "who looks at what just now, gone in seconds",
    "cases.KeptWords": "what somebody typed and did not send is theirs",
    "cases.SearchDocument": "made from the words: `amends reindex` makes it anew",
    "cases.Trace": "keyed digests of the words, made anew from them",
}
SECRET = re.compile(r"token|secret|password|sealed|lease|api_key|signature|session", re.IGNORECASE)
PERSON = ("user__name", "user__email", "user__language")  # beside a membership
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of the export: its name there, the way from a row to the workspace, its fields."""

    name: str
    model: type[Model]
    way: str  # of lookups, to the id of the workspace
    fields: tuple[str, ...]

    def rows(self, workspace_id: int) -> Iterator[dict[str, Any]]:
        """The rows of a workspace as plain JSON, in the order of their keys."""
        manager: QuerySet[Any] = self.model._base_manager.filter(**{self.way: workspace_id})
        found = manager.order_by("pk").values(*self.fields)
        for row in found.iterator(chunk_size=CHUNK):
            yield {_shown(name): _plain(value) for name, value in row.items()}

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(_shown(name) for name in self.fields)


def kinds() -> tuple[Kind, ...]:
    """Every table with rows of a workspace; a new one joins by itself unless left out with a reason."""
    found = []
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.app_label not in APPS or label in LEFT_OUT:
            continue
        way = way_to_workspace(model)
        if way is None:
            raise LookupError(f"{label} leads to no workspace: say in LEFT_OUT why it is left out")
        found.append(Kind(_kind_name(model), model, way, fields_of(model)))
    return tuple(found)


def way_to_workspace(model: type[Model], *, depth: int = 4) -> str | None:
    """The shortest way from a row to its workspace, over columns that are never empty; None without any."""
    if model._meta.label == "accounts.Workspace":
        return "pk"
    names = {field.name for field in model._meta.concrete_fields}
    if "workspace_id" in names:
        return "workspace_id"
    ways = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not field.is_relation or field.null or depth == 0 or not isinstance(target, type):
            continue
        if target._meta.label == "accounts.Workspace":
            return f"{field.name}_id"
        beyond = way_to_workspace(target, depth=depth - 1)
        if beyond is not None and target is not model:
            ways.append(f"{field.name}__{beyond}")
    return min(ways, key=lambda way: way.count("__"), default=None)


def fields_of(model: type[Model]) -> tuple[str, ...]:
    """The columns that may leave: nothing secret, nothing binary, nothing of the queue."""
    queue = WorkRow.WORK_FIELDS if issubclass(model, WorkRow) else ()
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if field.name not in queue and not is_secret(field)
    ]
    extra = PERSON if model._meta.label == "accounts.Membership" else ()
    return (*names, *extra)


def is_secret(field: Field[Any, Any]) -> bool:
    return isinstance(field, BinaryField) or bool(SECRET.search(field.name))


def type_of(kind: Kind, name: str) -> str:
    """A word on what a field holds, for the documentation."""
    if "__" in name:
        return "text"
    field = next(one for one in kind.model._meta.concrete_fields if one.attname == name)
    if isinstance(field, models.ForeignKey):
        return f"id of {_kind_name(field.related_model)}"
    words: dict[type[Any], str] = {  # the first that fits
        models.BigAutoField: "id",
        models.DateTimeField: "time",
        models.DateField: "date",
        models.BooleanField: "yes or no",
        models.JSONField: "JSON",
        models.DecimalField: "decimal as text",
        models.FloatField: "number",
        models.IntegerField: "whole number",
    }
    word = next((said for cls, said in words.items() if isinstance(field, cls)), "text")
    return f"{word} or null" if field.null else word


def describe() -> str:
    """The tables of docs/export.md; `amends export --describe` prints them."""
    parts = []
    for kind in kinds():
        parts.append(f"### {kind.name}\n\n| Field | Holds |\n|---|---|")
        parts += [f"| `{_shown(name)}` | {type_of(kind, name)} |" for name in kind.fields]
        parts.append("")
    return "\n".join(parts)


def _kind_name(model: type[Model]) -> str:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", model.__name__)
    return parted.lower()


def _shown(name: str) -> str:
    return name.replace("__", "_")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
