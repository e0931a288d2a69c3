"""The own account: name, language, time zone, look, shortcuts, and the ways to its security."""

from __future__ import annotations

from http import HTTPStatus

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from amends.accounts.change_profile import Profile, change_profile
from amends.accounts.models import User
from amends.accounts.queries import memberships_of
from amends.cases.welfare import folds_hostile
from amends.web.context import offered_languages
from amends.web.middleware import WORKSPACE_KEY
from amends.web.pages import VisitorRequest, own_page
from amends.web.person_fields import NameField, TimeZoneField


class ProfileForm(forms.Form):
    """What people may change about themselves; the address stays, it is how the log knows them."""

    name = NameField()
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    time_zone = TimeZoneField()
    theme = forms.ChoiceField(
        label=gettext_lazy("Look"), choices=User._meta.get_field("theme").choices or ()
    )
    has_shortcuts = forms.BooleanField(
        label=gettext_lazy("Keyboard shortcuts with single letters"), required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        language = self.fields["language"]
        language.choices = offered_languages()  # type: ignore[attr-defined]


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: VisitorRequest) -> HttpResponse:
    """Show and change the own account."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    initial = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=initial)
    status = HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid():
            now = request.clock.now()
            change_profile(user, to=Profile(**form.cleaned_data), now=now)
            translation.activate(user.language)  # the message already speaks the new language
            messages.success(request, _("Your profile was saved."))
            return HttpResponseRedirect(reverse("profile"))
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    shown = {
        "form": form,
        "has_second_factor": is_mfa_enabled(user),
        "folds_hostile": folds_hostile(user),
        "memberships": memberships_of(user),
    }
    return render(request, "profile/profile.html", shown, status=status)


@own_page
@require_POST
def change_workspace(request: VisitorRequest) -> HttpResponse:
    """Look at another workspace of one's own from now on."""
    raw = request.POST.get("workspace", "")
    wanted = memberships_of(request.user).filter(  # type: ignore[arg-type]
        workspace_id=int(raw) if raw.isdecimal() and len(raw) < 18 else 0
    )
    membership = wanted.first()
    if membership is None:
        raise Http404(_("You are not a member of this workspace."))
    request.session[WORKSPACE_KEY] = membership.workspace_id
    return HttpResponseRedirect(reverse("inbox"))
