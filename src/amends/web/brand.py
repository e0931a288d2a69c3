"""How the brand speaks: form of address by language, voice, names that sign, words that it avoids."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.change_brand_profile import (
    ADDRESSES,
    LONGEST_VOICE,
    BrandVoice,
    ProfileRefused,
    brand_profile_in_force,
    brand_profiles_visible_to,
    change_brand_profile,
)
from amends.accounts.models import Brand, BrandProfile
from amends.accounts.permissions import may_edit_brand, may_read
from amends.inbox.queries import brands_visible_to
from amends.web.asked import asked_brand
from amends.web.context import offered_languages
from amends.web.pages import DeskRequest, page

# The forms as people of the language call them: they are words of that language, not of the interface.
FORMS: Mapping[str, str] = MappingProxyType(
    {
        "siz": "siz", "sen": "sen", "kak": "Kak", "anda": "Anda", "kamu": "kamu",
        "vy": "вы", "ty": "ты", "je": "je", "u": "u",
    }
)  # fmt: skip
NAMES: Mapping[str, str] = MappingProxyType(
    {"tr": "Türkçe", "id": "Bahasa Indonesia", "ru": "Русский", "nl": "Nederlands"}
)
SHOWN_VERSIONS = 20


class BrandForm(forms.Form):
    """The profile as it is typed; a form of address for each language that has several."""

    voice = forms.CharField(
        label=gettext_lazy("Voice"),
        help_text=gettext_lazy(
            "How the brand sounds, in a few sentences for colleagues: warm, plain, never cute."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        max_length=LONGEST_VOICE,
        required=False,
    )
    signatures = forms.CharField(
        label=gettext_lazy("Names that sign"),
        help_text=gettext_lazy("One on each line. Who writes may always sign with their own name."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
    )
    avoided = forms.CharField(
        label=gettext_lazy("Words that the brand does not use"),
        help_text=gettext_lazy("One on each line, in any language; endings are found as well."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        required=False,
    )
    second_languages = forms.MultipleChoiceField(
        label=gettext_lazy("May also answer in"),
        help_text=gettext_lazy("When the brand does not speak the language of the comment."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["second_languages"].choices = offered_languages()  # type: ignore[attr-defined]
        for language, codes in ADDRESSES.items():
            choices = [(code, FORMS[code]) for code in codes]
            self.fields[f"address_{language}"] = forms.ChoiceField(
                label=NAMES[language], choices=choices
            )
            self.fields[f"grave_address_{language}"] = forms.ChoiceField(
                label=NAMES[language], choices=[("", _("the same")), *choices], required=False
            )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The usual form of address and the one for grave matters, language by language."""
        return [(self[f"address_{one}"], self[f"grave_address_{one}"]) for one in ADDRESSES]

    def read(self) -> BrandVoice:
        said = self.cleaned_data
        return BrandVoice(
            voice=said["voice"].strip(),
            address={one: said[f"address_{one}"] for one in ADDRESSES},
            grave_address={
                one: said[f"grave_address_{one}"]
                for one in ADDRESSES
                if said[f"grave_address_{one}"]
            },
            signatures=_lines(said["signatures"]),
            avoided=_lines(said["avoided"]),
            second_languages=tuple(said["second_languages"]),
        )


@page(may=may_read, to_post=may_edit_brand)
def brand(request: DeskRequest) -> HttpResponse:
    """Show the profile in force, and change it."""
    chosen = asked_brand(request)
    if request.method != "POST":
        return _show(request, chosen, form=_filled(brand_profile_in_force(chosen)))
    form = BrandForm(request.POST)
    if form.is_valid():
        try:
            change_brand_profile(
                chosen,
                to=form.read(),
                seen_version=form.cleaned_data["seen_version"] or 0,
                by=request.user,
                now=request.clock.now(),
            )
        except ProfileRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Saved. Drafts are read by it from now on."))
            return HttpResponseRedirect(f"{reverse('brand')}?brand={chosen.pk}")
    return _show(request, chosen, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _show(
    request: DeskRequest, chosen: Brand, *, form: BrandForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    shown = {
        "brand": chosen,
        "brands": brands_visible_to(request.user, workspace=request.workspace),
        "form": form,
        "may_edit": may_edit_brand(request.user, request.workspace),
        "versions": brand_profiles_visible_to(request.user, brand=chosen)[:SHOWN_VERSIONS],
        "now": request.clock.now(),
    }
    return render(request, "brand/brand.html", shown, status=status)


def _filled(profile: BrandProfile | None) -> BrandForm:
    """The form as the profile stands; before there is one, as the desk speaks by itself."""
    if profile is None:
        usual = {f"address_{one}": codes[0] for one, codes in ADDRESSES.items()}
        grave = {"grave_address_id": "anda", "grave_address_nl": "u"}
        return BrandForm(initial={**usual, **grave, "seen_version": 0})
    return BrandForm(
        initial={
            "voice": profile.voice,
            "signatures": "\n".join(profile.signatures),
            "avoided": "\n".join(profile.avoided),
            "second_languages": profile.second_languages,
            "seen_version": profile.version,
            **{f"address_{one}": code for one, code in profile.address.items()},
            **{f"grave_address_{one}": code for one, code in profile.grave_address.items()},
        }
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
