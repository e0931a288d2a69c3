"""Form fields about a person that several pages ask for: name, password, time zone."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import User

# The most likely zone of somebody who reads the language; a guess that one click corrects.
LIKELY_ZONES = {
    "tr": "Europe/Istanbul",
    "id": "Asia/Jakarta",
    "ru": "Europe/Moscow",
    "nl": "Europe/Amsterdam",
}


class NameField(forms.CharField):
    """What colleagues see."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Your name"),
            max_length=150,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )


class NewPasswordField(forms.CharField):
    """A password to be set; `check_password_strength` judges it with what else is known."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Password"),
            help_text=_("At least 10 characters; a sentence is easier to remember than a riddle."),
            strip=False,
            max_length=500,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )


class TimeZoneField(forms.ChoiceField):
    """A zone of the IANA database."""

    def __init__(self) -> None:
        zones = sorted(zone for zone in available_timezones() if not zone.startswith("Etc/"))
        super().__init__(
            label=_("Time zone"),
            choices=[(zone, zone.replace("_", " ")) for zone in zones],
            initial=likely_zone,
        )


def likely_zone() -> str:
    return LIKELY_ZONES.get(get_language() or "en", "UTC")


def check_password_strength(form: forms.Form, *, email: str) -> None:
    """Put the validators' complaints beside the password field."""
    password = form.cleaned_data.get("password")
    if not password:
        return
    person = User(email=email, name=form.cleaned_data.get("name", ""))
    try:
        password_validation.validate_password(password, person)
    except ValidationError as error:
        form.add_error("password", error)
