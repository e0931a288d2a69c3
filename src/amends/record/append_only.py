"""Rows that nobody may change: refused by the ORM with a sentence, and by the database itself.

The triggers are the promise (they bind every client of the database); the refusal of the ORM is the
courtesy.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what may only be added."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses bulk changes; columns named in the model's `MUTABLE` may change."""

    def update(self, **values: Any) -> int:
        forbidden = sorted(set(values) - set(getattr(self.model, "MUTABLE", ())))
        if forbidden:
            raise AppendOnlyError(_sentence(self.model, f"change {', '.join(forbidden)} of"))
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(_sentence(self.model, "delete"))

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnlyError(_sentence(self.model, "change"))


class AppendOnly(models.Model):
    """Base of append-only tables; `MUTABLE` names the columns of the work queue, if it has any."""

    MUTABLE: tuple[str, ...] = ()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(_sentence(type(self), "change"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(_sentence(type(self), "delete"))


def _sentence(model: type[models.Model], verb: str) -> str:
    return (
        f"Nobody may {verb} a {model._meta.verbose_name}: add a new one; "
        "content is erased by redaction."
    )
