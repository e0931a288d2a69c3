"""The form that says what the columns of an uploaded file mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.models import Workspace
from amends.core.file_map.file_map import ISO, REQUIRED, UNIX, UNIX_MS, YES, FileMap, Part
from amends.core.file_map.guess import PATTERNS
from amends.core.file_map.schema import find_zone
from amends.web.person_fields import TimeZoneField

PARTS = {
    Part.TEXT: gettext_lazy("Words"),
    Part.PUBLISHED_AT: gettext_lazy("Written at"),
    Part.ID: gettext_lazy("Id of the comment"),
    Part.AUTHOR: gettext_lazy("Name of the author"),
    Part.AUTHOR_ID: gettext_lazy("Id of the author"),
    Part.HANDLE: gettext_lazy("Handle of the author"),
    Part.AUTHOR_URL: gettext_lazy("Page of the author"),
    Part.FOLLOWERS: gettext_lazy("Followers"),
    Part.THREAD: gettext_lazy("Id of the conversation"),
    Part.PARENT: gettext_lazy("Id of what it answers"),
    Part.URL: gettext_lazy("Address"),
    Part.LANGUAGE: gettext_lazy("Language"),
    Part.ORDER: gettext_lazy("Order number"),
    Part.EDITED_AT: gettext_lazy("Changed at"),
    Part.OURS: gettext_lazy("Written by us"),
}
EXAMPLES = {
    ISO: "2026-03-09T10:00:00+03:00",
    UNIX: "1773046800",
    UNIX_MS: "1773046800000",
}
_DIGITS = {"%Y": "2026", "%m": "03", "%d": "31", "%H": "17", "%M": "05", "%S": "09"}
_DIGITS |= {"%I": "05", "%p": "PM"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person chose: how the file is read, and as what."""

    file_map: FileMap
    values: dict[str, object]  # columns of FileImport


class MapForm(forms.Form):
    """A line for each part that a column can hold; the two that are needed come first."""

    source = forms.CharField(
        label=gettext_lazy("Name of the source"),
        max_length=100,
        help_text=gettext_lazy(
            "Ids count within a source: give every export of the same tool the same name."
        ),
    )
    brand: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Brand"), queryset=None, empty_label=None
    )
    date_format = forms.ChoiceField(label=gettext_lazy("Dates look like"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language where no column says it"), required=False
    )
    ours = forms.CharField(
        label=gettext_lazy("Values that mean: written by us"), max_length=500, required=False
    )
    starts_clocks = forms.BooleanField(
        label=gettext_lazy("These comments are new: start clocks and ask for answers"),
        required=False,
    )

    def __init__(self, *args: Any, workspace: Workspace, columns: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = workspace.brands.order_by("name")  # type: ignore[attr-defined]
        offered = [(form, f"{EXAMPLES[form]} ({form})") for form in (ISO, UNIX, UNIX_MS)]
        offered += [(pattern, example_of(pattern)) for pattern in PATTERNS]
        self.fields["date_format"].choices = [("", _("Choose …")), *offered]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("Unknown")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["time_zone"] = TimeZoneField()
        self.fields["time_zone"].help_text = _("Meant where a time names none.")
        for part, label in PARTS.items():
            is_needed = part in REQUIRED
            empty = _("Choose …") if is_needed else _("Not in the file")
            self.fields[_name(part)] = forms.ChoiceField(
                label=label,
                required=is_needed,
                choices=[("", empty), *((one, one) for one in columns)],
            )

    @property
    def part_fields(self) -> list[forms.BoundField]:
        return [self[_name(part)] for part in PARTS]

    def clean(self) -> dict[str, Any]:
        """A column means one thing."""
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for part in PARTS:
            column = cleaned.get(_name(part))
            if column and column in seen:
                self.add_error(_name(part), _("This column is chosen twice."))
            elif column:
                seen[column] = part.value
        return cleaned

    def wanted(self) -> Wanted:
        """What was chosen; only after `is_valid`."""
        said = self.cleaned_data
        ours = tuple(one.strip().casefold() for one in said["ours"].split(",") if one.strip())
        file_map = FileMap(
            columns={part: said[_name(part)] for part in PARTS if said[_name(part)]},
            date_format=said["date_format"],
            zone_name=said["time_zone"],
            zone=find_zone(said["time_zone"]) or FileMap({}).zone,
            language=said["language"],
            ours=ours or YES,
        )
        values = {name: said[name] for name in ("source", "brand", "starts_clocks")}
        return Wanted(file_map, {**values, "map": file_map.to_yaml()})


def initial_columns(columns: dict[Part, str]) -> dict[str, str]:
    """Guessed columns as the form takes them."""
    return {_name(part): column for part, column in columns.items()}


def _name(part: Part) -> str:
    return f"column_{part.value}"  # some parts are called like other fields of the form


def example_of(pattern: str) -> str:
    """A date as the pattern writes it."""
    if pattern in EXAMPLES:
        return EXAMPLES[pattern]
    for directive, digits in _DIGITS.items():
        pattern = pattern.replace(directive, digits)
    return pattern
