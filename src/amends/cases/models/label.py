"""Labels: the team's own words for what a case is about, and which cases bear them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case


class LabelColour(models.TextChoices):
    """The marks a label can have; never the only thing that tells two labels apart."""

    GREY = "grey", pgettext_lazy("colour of a label", "Grey")
    BLUE = "blue", pgettext_lazy("colour of a label", "Blue")
    GREEN = "green", pgettext_lazy("colour of a label", "Green")
    YELLOW = "yellow", pgettext_lazy("colour of a label", "Yellow")
    RED = "red", pgettext_lazy("colour of a label", "Red")
    VIOLET = "violet", pgettext_lazy("colour of a label", "Violet")


def fold_name(name: str) -> str:
    """What two names share that differ in case or spaces alone: İADE, iade, IADE and ıade are one.

    Databases disagree on letters beyond ASCII (SQLite changes none), so it is not left to them.
    """
    dotless = unicodedata.normalize("NFKC", name).replace("İ", "i").replace("ı", "i")
    return " ".join(unicodedata.normalize("NFKC", dotless.casefold()).split())


class Label(models.Model):
    """A word of the team's own; retired ones stay on the cases that bear them and are offered no more.

    `key` is its name without case; two labels of a workspace never share one.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=40)
    key = models.CharField(max_length=160, editable=False)
    colour = models.CharField(max_length=8, choices=LabelColour.choices, default=LabelColour.GREY)
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="label_once_in_a_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = fold_name(self.name)
        super().save(*args, **kwargs)


class CaseLabel(models.Model):
    """That a case bears a label."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="label_marks")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="marks")
    put_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    put_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label", "case"], name="label_once_on_a_case"),
        ]

    def __str__(self) -> str:
        return f"{self.label_id} on {self.case_id}"
