"""What a person fills in on the practice network."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from amends.sandbox.models import MAX_TEXT_CHARS, DeletedBy


class PostForm(forms.Form):
    """A text and the language that it is written in."""

    text = forms.CharField(
        label=_("Text"),
        max_length=MAX_TEXT_CHARS,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Write something first: the text is empty.")},
    )
    lang = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)


class EditForm(forms.Form):
    """The new text of a post, and the revision that the writer had before their eyes."""

    text = PostForm.base_fields["text"]
    revision = forms.IntegerField(widget=forms.HiddenInput)


class DeletionForm(forms.Form):
    """Who takes the post away."""

    by = forms.ChoiceField(
        label=_("Who deletes it?"),
        widget=forms.RadioSelect,
        choices=[
            (DeletedBy.AUTHOR, _("Its author")),
            (DeletedBy.PLATFORM, _("The network, for breaking its rules")),
        ],
        initial=DeletedBy.AUTHOR,
    )


class PersonaForm(forms.Form):
    """Whom one plays from now on."""

    person_id = forms.CharField(max_length=16)
    back_to = forms.CharField(required=False, max_length=500)
