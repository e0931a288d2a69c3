"""The form of business hours: a line for each weekday, the country, and days that are not like others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core.national_holidays import countries, regions_of
from amends.core.playbook.hours import (
    Hours,
    HoursRefused,
    OwnDays,
    read_periods,
    write_periods,
)
from amends.web.country_names import country_name
from amends.web.person_fields import TimeZoneField

SPARE_ROWS = 2
MAX_ROWS = 60
DAYS = tuple(WEEKDAYS[number] for number in range(7))
OFFICE_HOURS = "09:00-17:00"

REFUSALS = MappingProxyType(
    {
        "unreadable": gettext_lazy("Write hours like 09:00-12:30, 13:30-17:00, or leave it empty."),
        "order": gettext_lazy(
            "The end must come after the beginning. Night hours end at 24:00 and go on the next day."
        ),
        "overlap": gettext_lazy(
            "These hours overlap: let each begin when the one before has ended."
        ),
        "zone": gettext_lazy("There is no such time zone."),
        "country": gettext_lazy("The holidays of this country are not known."),
        "region": gettext_lazy("This country has no such region. Choose none, or one of its own."),
        "never_open": gettext_lazy(
            "Somebody must work at some time: write hours for at least one day, or choose around the clock."
        ),
        "days_order": gettext_lazy("The last day comes before the first."),
        "days_long": gettext_lazy("This is too long: a year at most."),
    }
)


def refusal_words(refused: HoursRefused) -> str:
    """Why hours cannot be counted by, in words."""
    return str(REFUSALS.get(refused.code, refused.code))


class PeriodsField(forms.CharField):
    """Hours of a day as people write them; cleaned to periods."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_periods(text)
        except HoursRefused as refused:
            raise forms.ValidationError(refusal_words(refused)) from refused


class HoursForm(forms.Form):
    """When the brand works in an ordinary week, and where."""

    mode = forms.ChoiceField(
        label=gettext_lazy("When does somebody work?"),
        choices=[
            ("always", gettext_lazy("Around the clock: every hour counts")),
            ("week", gettext_lazy("At these hours of the week")),
        ],
        widget=forms.RadioSelect,
    )
    time_zone = TimeZoneField()
    country = forms.ChoiceField(
        label=gettext_lazy("Public holidays of"),
        required=False,
        help_text=gettext_lazy("Nobody works on them, except where you say so below."),
    )
    region = forms.CharField(
        label=gettext_lazy("Region of the country"),
        required=False,
        max_length=12,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(DAYS):
            self.fields[f"day{number}"] = PeriodsField(label=name)
        names = sorted(((code, country_name(code)) for code in countries()), key=lambda one: one[1])
        country: Any = self.fields["country"]
        country.choices = [("", _("no country")), *names]
        self.fields["region"].help_text = self._regions()

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day{number}"] for number in range(7)]

    def _regions(self) -> str:
        chosen = self.data.get("country") if self.is_bound else self.initial.get("country")
        codes = regions_of(chosen or "")
        if not codes:
            return _("Only some countries have regions with holidays of their own.")
        return _("Its code, if it has holidays of its own: %(codes)s") % {"codes": ", ".join(codes)}


class OwnDaysForm(forms.Form):
    """Days that are not like others; a row without a first day is none."""

    first = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    periods = PeriodsField(label=gettext_lazy("Open at"))
    name = forms.CharField(label=gettext_lazy("What it is"), required=False, max_length=100)


OwnDaysForms = formset_factory(
    OwnDaysForm, extra=SPARE_ROWS, max_num=MAX_ROWS, absolute_max=MAX_ROWS + SPARE_ROWS
)


@dataclass(slots=True)
class HoursEditor:
    """The form of the page, typed or as it stands."""

    form: HoursForm
    days: BaseFormSet[OwnDaysForm]

    def read(self) -> Hours:
        """What was typed; raises HoursRefused where a field alone is wrong already (said at it)."""
        if not (self.form.is_valid() & self.days.is_valid()):
            raise HoursRefused("fields")
        said = self.form.cleaned_data
        return Hours(
            is_always=said["mode"] == "always",
            zone=said["time_zone"],
            week=tuple(said[f"day{number}"] for number in range(7)),
            country=said["country"],
            region=said["region"].strip().upper() if said["country"] else "",
            own_days=tuple(_own_days(form.cleaned_data) for form in self._named()),
        )

    def refuse(self, refused: HoursRefused) -> None:
        """Put what is wrong at its field."""
        if refused.code == "fields":
            return
        if refused.row >= 0:
            self._named()[refused.row].add_error(refused.field, refusal_words(refused))
        elif refused.field in self.form.fields:
            self.form.add_error(refused.field, refusal_words(refused))
        else:
            self.form.add_error("day0", refusal_words(refused))

    def _named(self) -> list[OwnDaysForm]:
        return [form for form in self.days if form.cleaned_data.get("first")]


def typed_editor(data: Any) -> HoursEditor:
    return HoursEditor(HoursForm(data), OwnDaysForms(data))


def editor_of(hours: Hours, *, number: int, zone: str) -> HoursEditor:
    """The form as the hours stand; office hours are proposed where there are none yet."""
    proposed = (OFFICE_HOURS,) * 5 + ("", "")
    is_new = number == 0
    initial: dict[str, Any] = {
        "mode": "always" if hours.is_always else "week",
        "time_zone": zone if is_new else hours.zone,
        "country": hours.country,
        "region": hours.region,
        "seen": number,
    }
    for day in range(7):
        initial[f"day{day}"] = proposed[day] if is_new else write_periods(hours.week[day])
    rows = [
        {
            "first": one.first,
            "last": one.last if one.last != one.first else None,
            "periods": write_periods(one.periods),
            "name": one.name,
        }
        for one in hours.own_days
    ]
    return HoursEditor(HoursForm(initial=initial), OwnDaysForms(initial=rows))


def _own_days(said: dict[str, Any]) -> OwnDays:
    first: date = said["first"]
    return OwnDays(first, said["last"] or first, said["periods"], said["name"].strip())
