"""Columns of a row that waits for work, and the clockwork's own rows."""

from __future__ import annotations

from typing import Any

from django.db import models


class WorkRow(models.Model):
    """A row that is its own queue entry: which step comes next, when, and who is at it.

    A worker claims it by a conditional UPDATE and may write its result only while its token still stands
    in `lease_token`; a crash leaves a lease that runs out, and the step is run again (docs/adr/0002).
    `next_step` empty means that nothing waits; `due_at` empty with a step means that a person must look
    (the dead letter): `last_error` says why.
    """

    next_step = models.CharField(max_length=32, blank=True, default="")
    due_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")

    WORK_FIELDS = ("next_step", "due_at", "leased_until", "lease_token", "attempts", "last_error")

    class Meta:
        abstract = True

    def when_given_up(self) -> dict[str, Any]:
        """What else changes when no worker can do the step, so that a person sees it."""
        return {}


def work_index(prefix: str) -> models.Index:
    """The index by which workers find what is due; only rows that wait are in it."""
    return models.Index(
        fields=["next_step", "due_at"], name=f"{prefix}_work", condition=~models.Q(next_step="")
    )


class Beat(models.Model):
    """One recurring job of the clock; several clock processes share the rows, each beat runs once."""

    name = models.CharField(max_length=64, unique=True)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True, default="")
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.name
