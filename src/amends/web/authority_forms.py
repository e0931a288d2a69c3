"""Forms of the authority page: what is granted to whom, and who stands in for whom."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.grant import ROLES, Grant, Standing
from amends.accounts.models import Act, Brand, Role, User, Workspace
from amends.accounts.queries import members_of
from amends.connectors import registry
from amends.core.money import CURRENCIES, Money, read_money
from amends.core.vocabulary import LANGUAGES as CODES
from amends.web.authority_matrix import channel_label
from amends.web.labels import LANGUAGES, label_of

ROLE, PERSON = "role", "person"


class GrantForm(forms.Form):
    """What is empty is no limit; the amount counts for promises and compensation, the days for bans."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"))
    act = forms.ChoiceField(label=gettext_lazy("What"), choices=Act.choices)
    amount = forms.CharField(
        label=gettext_lazy("Up to which amount"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES]
    )
    days = forms.IntegerField(
        label=gettext_lazy("Bans up to so many days"), required=False, min_value=1, max_value=36_500
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Only in these languages"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    brand = forms.ChoiceField(label=gettext_lazy("Only for this brand"), required=False)
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Only on these channels"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("Until the end of"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    is_only = forms.BooleanField(
        label=gettext_lazy("In place of what the role may (this narrows it)"), required=False
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {f"{PERSON}:{one.user_id}": one.user for one in _grantable(workspace)}
        self._brands = {str(one.pk): one for one in Brand.objects.filter(workspace=workspace)}
        choices = {name: str(user) for name, user in self._people.items()}
        roles = {f"{ROLE}:{role}": _("every %(role)s") % {"role": role.label} for role in ROLES}
        _choose(self, "to", {"": "…", **choices, **roles})
        _choose(self, "languages", {code: label_of(LANGUAGES, code) for code in CODES})
        brands = {pk: str(one) for pk, one in self._brands.items()}
        _choose(self, "brand", {"": _("every brand"), **brands})
        kinds = {kind: channel_label(kind) for kind in registry.manifests()}
        _choose(self, "channels", kinds)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            self.money: Money | None = read_money(
                found.get("amount", ""), currency=found.get("currency", "")
            )
        except ValueError:
            self.add_error("amount", _("Write the amount in figures, for example 25 or 25.50."))
        return found

    def grant(self) -> Grant:
        """What a valid form says."""
        found = self.cleaned_data
        kind, _colon, named = found["to"].partition(":")
        act = Act(found["act"])
        return Grant(
            act=act,
            person=self._people[found["to"]] if kind == PERSON else None,
            role=named if kind == ROLE else "",
            money=self.money,
            days=found["days"] if act == Act.BAN else None,
            languages=tuple(found["languages"]),
            brand=self._brands.get(found["brand"]),
            channels=tuple(found["channels"]),
            is_only=found["is_only"],
            valid_until=end_of(found["until"]),
            reason=found["reason"],
        )


class DeputyForm(forms.Form):
    """Who stands in for whom, until when, and from the first minute or only when something waits too long."""

    person = forms.ChoiceField(label=gettext_lazy("For whom"))
    deputy = forms.ChoiceField(label=gettext_lazy("Who stands in"))
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Until the end of"), widget=forms.DateInput(attrs={"type": "date"})
    )
    is_away = forms.BooleanField(
        label=gettext_lazy("The person is away: the deputy acts from the first minute"),
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people: dict[str, User] = {
            str(one.user_id): one.user for one in members_of(workspace) if one.role != Role.VIEWER
        }
        choices = {"": "…", **{pk: str(user) for pk, user in self._people.items()}}
        _choose(self, "person", choices)
        _choose(self, "deputy", choices)

    def standing(self) -> Standing:
        """What a valid form says."""
        found = self.cleaned_data
        until = end_of(found["until"])
        return Standing(
            person=self._people[found["person"]],
            deputy=self._people[found["deputy"]],
            valid_from=_start_of(found["since"]),
            valid_until=until or timezone.now(),
            is_away=found["is_away"],
            reason=found["reason"],
        )


def end_of(day: Any) -> datetime | None:
    """The end of a day where the reader is; None for no day."""
    return (
        None
        if day is None
        else timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    )


def _start_of(day: Any) -> datetime | None:
    """The start of a day that is still to come; None for today, which counts from now."""
    if day is None or day <= timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, time()))


def _grantable(workspace: Workspace) -> list[Any]:
    return [one for one in members_of(workspace) if one.role not in {Role.OWNER, Role.VIEWER}]


def _choose(form: forms.Form, name: str, choices: dict[str, Any]) -> None:
    form.fields[name].choices = list(choices.items())  # type: ignore[attr-defined]
