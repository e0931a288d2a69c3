"""The policy as a form: what stands around the clauses and each clause, in one language at a time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core.policy.policy import (
    AppealTimes,
    Clause,
    ClauseText,
    Consequence,
    PageText,
    Policy,
)
from amends.core.policy.schema import MAX_CLAUSES
from amends.core.policy.schema_parts import LONGEST_TEXT
from amends.core.policy.terms import GROUNDS, LadderStep
from amends.core.vocabulary import PolicyGround
from amends.web import labels
from amends.web.policy_words import PARTS, STEPS

_LENGTH = re.compile(r"([1-9][0-9]{0,3})([dh])\Z")
_LISTS = ("promises", "never_removed")
_PAGE_PARTS = (
    "title",
    "introduction",
    "never_removed",
    "promises",
    "register",
    "decides",
    "appeal",
    "contact",
)
_CLAUSE_PARTS = ("title", "rule", "example", "allowed", "consequence")


class LengthField(forms.CharField):
    """Days or hours, like 7d or 12h."""

    def clean(self, value: Any) -> timedelta | None:
        text = super().clean(value).replace(" ", "").lower()
        if not text:
            return None
        match = _LENGTH.match(text)
        if match is None:
            raise forms.ValidationError(_("Write days or hours, like 7d or 12h."))
        count = int(match[1])
        return timedelta(days=count) if match[2] == "d" else timedelta(hours=count)


def _line(part: str) -> forms.CharField:
    return forms.CharField(label=PARTS[part], max_length=LONGEST_TEXT, required=False)


def _area(part: str, *, rows: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=PARTS[part],
        max_length=LONGEST_TEXT,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


class PageForm(forms.Form):
    """What stands around the clauses in one language; the times hold for every language."""

    title = _line("title")
    introduction = _area("introduction", rows=3)
    never_removed = _area("never_removed", rows=5, help_text=gettext_lazy("One in each line."))
    promises = _area("promises", rows=5, help_text=gettext_lazy("One in each line."))
    register = _area("register", rows=3)
    decides = _area("decides", rows=4)
    appeal = _area("appeal", rows=5)
    contact = _area("contact", rows=2)
    within = LengthField(
        label=gettext_lazy("Time to appeal, in every language"),
        help_text=gettext_lazy("At least six months: 184d."),
        required=False,
    )
    answer = LengthField(
        label=gettext_lazy("Our answer to an appeal comes within"),
        help_text=gettext_lazy("Like 14d."),
        required=False,
    )

    def as_page(self) -> PageText:
        said = self.cleaned_data
        parts: dict[str, Any] = {
            name: _lines(said[name]) if name in _LISTS else said[name] for name in _PAGE_PARTS
        }
        return PageText(**parts)

    def as_times(self) -> AppealTimes:
        return AppealTimes(self.cleaned_data["within"], self.cleaned_data["answer"])


class ClauseForm(forms.Form):
    """A clause: its id, ground and steps in every language, its words in one."""

    id = forms.RegexField(
        r"\A[a-z][a-z0-9-]{0,39}\Z",
        label=gettext_lazy("Id"),
        help_text=gettext_lazy("The anchor of the clause: small letters, digits, hyphens."),
        required=False,
    )
    ground = forms.ChoiceField(
        label=PARTS["ground"],
        choices=[(code.value, labels.GROUNDS[code.value]) for code in GROUNDS],
    )
    ladder = forms.MultipleChoiceField(
        label=PARTS["ladder"],
        choices=[(step.value, STEPS[step]) for step in LadderStep],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    ban = LengthField(
        label=gettext_lazy("How long the ban for a time lasts"),
        help_text=gettext_lazy("Like 7d."),
        required=False,
    )
    title = _line("title")
    rule = _area("rule", rows=2)
    example = _area("example", rows=2)
    allowed = _area("allowed", rows=2)
    consequence = _area("consequence", rows=3)
    position = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    remove = forms.BooleanField(label=gettext_lazy("Take this clause out"), required=False)

    def as_clause(self, *, before: Clause | None, language: str) -> Clause:
        said = self.cleaned_data
        texts = dict(before.texts) if before else {}
        texts[language] = ClauseText(**{name: said[name] for name in _CLAUSE_PARTS})
        chosen = set(said["ladder"])
        ladder = tuple(
            Consequence(step, said["ban"] if step is LadderStep.TEMPORARY_BAN else None)
            for step in LadderStep
            if step.value in chosen
        )
        return Clause(said["id"], PolicyGround(said["ground"]), ladder, texts)


if TYPE_CHECKING:
    _ClauseFormSet = BaseFormSet[ClauseForm]
else:
    _ClauseFormSet = BaseFormSet  # cannot be subscripted when it runs


class BaseClauseForms(_ClauseFormSet):
    """All clauses; one without an id is none, and no two have the same."""

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            clause_id = form.cleaned_data.get("id", "") if hasattr(form, "cleaned_data") else ""
            if clause_id and clause_id in seen:
                form.add_error("id", _("Another clause has this id."))
            seen.add(clause_id)
            has_words = any(form.cleaned_data.get(name) for name in _CLAUSE_PARTS)
            if not clause_id and has_words and not form.cleaned_data.get("remove"):
                form.add_error("id", _("Give the clause an id, like “hate”."))

    def kept(self) -> list[ClauseForm]:
        return [
            form
            for form in self.forms
            if form.cleaned_data.get("id") and not form.cleaned_data.get("remove")
        ]


ClauseForms = formset_factory(
    ClauseForm,
    formset=BaseClauseForms,
    extra=1,
    max_num=MAX_CLAUSES,
    absolute_max=MAX_CLAUSES + 1,
)


class NoteForm(forms.Form):
    """What is said with a new version; everybody can read it."""

    note = forms.CharField(
        label=gettext_lazy("What changed and why"),
        help_text=gettext_lazy("Everybody can read this beside the version."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class LanguageForm(forms.Form):
    """One more language for a policy."""

    language = forms.ChoiceField(label=gettext_lazy("One more language"))

    def __init__(self, *args: Any, spoken: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [one for one in settings.LANGUAGES if one[0] not in spoken]
        choice = self.fields["language"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        choice.choices = self.offered


def forms_of(policy: Policy, *, language: str) -> tuple[PageForm, BaseFormSet[ClauseForm]]:
    """The forms as the policy stands."""
    page = policy.pages.get(language, PageText())
    first: dict[str, Any] = {
        name: "\n".join(getattr(page, name)) if name in _LISTS else getattr(page, name)
        for name in _PAGE_PARTS
    }
    first["within"] = length_words(policy.appeal.within)
    first["answer"] = length_words(policy.appeal.answer)
    rows = [
        _clause_row(one, position=position, language=language)
        for position, one in enumerate(policy.clauses)
    ]
    return PageForm(initial=first, prefix="page"), ClauseForms(initial=rows, prefix="clause")


def _clause_row(clause: Clause, *, position: int, language: str) -> dict[str, Any]:
    text = clause.texts.get(language, ClauseText())
    bans = [one.length for one in clause.ladder if one.length is not None]
    return {
        "id": clause.id,
        "ground": clause.ground.value,
        "ladder": [one.step.value for one in clause.ladder],
        "ban": length_words(bans[0]) if bans else "",
        "position": position,
        **{name: getattr(text, name) for name in _CLAUSE_PARTS},
    }


def merged(
    policy: Policy, *, page: PageForm, clauses: BaseFormSet[ClauseForm], language: str
) -> Policy:
    """The policy with what was typed for one language; the words of the others stay."""
    assert isinstance(clauses, BaseClauseForms)  # noqa: S101 - made here
    before = dict(enumerate(policy.clauses))
    return replace(
        policy,
        appeal=page.as_times(),
        pages={**policy.pages, language: page.as_page()},
        clauses=tuple(
            form.as_clause(before=before.get(_position(form)), language=language)
            for form in clauses.kept()
        ),
    )


def _position(form: ClauseForm) -> int:
    position = form.cleaned_data.get("position")
    return -1 if position is None else int(position)


def length_words(length: timedelta | None) -> str:
    """`7d` or `12h`, as the field takes it."""
    if length is None:
        return ""
    hours = int(length.total_seconds()) // 3600
    return f"{length.days}d" if hours % 24 == 0 else f"{hours}h"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.splitlines() if one.strip())
