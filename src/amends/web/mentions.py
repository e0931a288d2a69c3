"""What counts as a mention of a brand: its names, its query, and a place to try them on a text."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.models import Brand
from amends.accounts.permissions import may_edit_mentions, may_read
from amends.inbox.change_mentions import (
    MentionsRefused,
    TermForm,
    change_mentions,
    read_rule,
)
from amends.inbox.match import Rule, RuleUnusable, ordinary_languages, rule_of, terms_from_json
from amends.inbox.models import MentionQuery
from amends.inbox.queries import brands_visible_to, mention_queries_visible_to
from amends.web import labels
from amends.web.asked import asked_brand
from amends.web.mention_try import Trial, TryForm, try_text
from amends.web.mention_words import TERM_KINDS, refusal_words
from amends.web.pages import DeskRequest, action, page

SPARE_ROWS = 2
MAX_NAMES = 120  # a form of more fields than this makes is refused by Django, and read by nobody
SHOWN_VERSIONS = 10
_ENGINE_LANGUAGES = [(code, words) for code, words in labels.LANGUAGES.items() if code != "und"]


class NameForm(forms.Form):
    """One name to look for; a row without a name is no term."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=list(TERM_KINDS.items()))
    variants = forms.CharField(
        label=gettext_lazy("Other spellings"),
        help_text=gettext_lazy("Nicknames and abbreviations, with commas between."),
        max_length=4000,
        required=False,
    )
    exclusions = forms.CharField(
        label=gettext_lazy("Not when it says"),
        help_text=gettext_lazy("Words with which something else is meant, with commas between."),
        max_length=4000,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Endings of these languages only"),
        choices=_ENGINE_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def as_term(self) -> TermForm:
        said = self.cleaned_data
        return TermForm(
            name=said["name"].strip(),
            kind=said["kind"],
            variants=_split(said["variants"]),
            languages=tuple(said["languages"]),
            exclusions=_split(said["exclusions"]),
        )


NameForms = formset_factory(
    NameForm, extra=SPARE_ROWS, max_num=MAX_NAMES, absolute_max=MAX_NAMES + SPARE_ROWS
)


class QueryForm(forms.Form):
    """The query over the names."""

    query = forms.CharField(
        label=gettext_lazy("Query"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "dir": "auto"}),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("Empty: any of the names above is a mention."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


@dataclass(slots=True)
class Editor:
    """The form of the page, typed or as it stands."""

    names: BaseFormSet[NameForm]
    query: QueryForm

    def read(self) -> list[TermForm]:
        """The terms that were typed; raises MentionsRefused where a field alone is wrong already."""
        if not (self.names.is_valid() and self.query.is_valid()):
            raise MentionsRefused(_("Something is not right yet: it is said at its field."))
        return [form.as_term() for form in self._named()]

    def refuse(self, refused: MentionsRefused) -> None:
        """Put what is wrong at its field."""
        if refused.field == "query":
            self.query.add_error("query", refusal_words(refused))
        elif refused.row >= 0:
            self._named()[refused.row].add_error(refused.field or None, refusal_words(refused))
        elif self.query.is_valid() and self.names.is_valid():
            self.query.add_error(None, refusal_words(refused))

    def _named(self) -> list[NameForm]:
        return [form for form in self.names if form.cleaned_data.get("name", "").strip()]


@page(may=may_read)
def mentions(request: DeskRequest) -> HttpResponse:
    """The names, the query, and the tester."""
    brand = asked_brand(request)
    return _show(request, brand, editor=_editor_of(_in_force(request, brand)), trial=TryForm())


@action(may=may_edit_mentions)
def save_mentions(request: DeskRequest) -> HttpResponse:
    """Put what was typed in force."""
    brand = asked_brand(request)
    editor = _typed_editor(request)
    try:
        terms = editor.read()
        row = change_mentions(
            brand,
            forms=terms,
            query=editor.query.cleaned_data["query"],
            seen_version=editor.query.cleaned_data["seen_version"] or 0,
            by=request.user,
            now=request.clock.now(),
        )
    except MentionsRefused as refused:
        editor.refuse(refused)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _show(request, brand, editor=editor, trial=TryForm(), status=status)
    messages.success(request, _said(row))
    return HttpResponseRedirect(f"{reverse('mentions')}?brand={brand.pk}")


@action(may=may_read)
def try_mentions(request: DeskRequest) -> HttpResponse:
    """Say whether a pasted text is a mention and why, by what is typed, saved or not."""
    brand = asked_brand(request)
    form = TryForm(request.POST)
    may_edit = may_edit_mentions(request.user, request.workspace)
    is_typed = may_edit and f"{NameForms().prefix}-TOTAL_FORMS" in request.POST
    in_force = _in_force(request, brand)
    editor = _typed_editor(request) if is_typed else _editor_of(in_force)
    trial: Trial | None = None
    try:
        rule = _typed_rule(editor) if is_typed else _rule_of(in_force)
        trial = try_text(form, rule=rule) if form.is_valid() else None
    except MentionsRefused as refused:
        editor.refuse(refused)
    status = HTTPStatus.OK if trial else HTTPStatus.UNPROCESSABLE_ENTITY
    if request.htmx:  # type: ignore[attr-defined]
        shown = {"trial": trial, "trial_form": form, "editor": editor}
        return render(request, "mentions/trial.html", shown, status=status)
    return _show(request, brand, editor=editor, trial=form, result=trial, status=status)


def _show(
    request: DeskRequest,
    brand: Brand,
    *,
    editor: Editor,
    trial: TryForm,
    result: Trial | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    versions = list(mention_queries_visible_to(request.user, brand=brand)[:SHOWN_VERSIONS])
    terms = _terms_of(versions[0] if versions else None)
    shown: dict[str, Any] = {
        "brand": brand,
        "brands": brands_visible_to(request.user, workspace=request.workspace),
        "may_edit": may_edit_mentions(request.user, request.workspace),
        "editor": editor,
        "terms": [(TERM_KINDS[term.kind.value], term) for term in terms],
        "in_force": versions[0] if versions else None,
        "versions": versions,
        "ordinary": _ordinary(terms),
        "trial": result,
        "trial_form": trial,
        "now": request.clock.now(),
    }
    return render(request, "mentions/mentions.html", shown, status=status)


def _in_force(request: DeskRequest, brand: Brand) -> MentionQuery | None:
    return mention_queries_visible_to(request.user, brand=brand).first()


def _typed_editor(request: DeskRequest) -> Editor:
    return Editor(NameForms(request.POST), QueryForm(request.POST))


def _editor_of(row: MentionQuery | None) -> Editor:
    terms = _terms_of(row)
    initial = [
        {
            "name": term.name,
            "kind": term.kind.value,
            "variants": ", ".join(term.variants),
            "exclusions": ", ".join(term.exclusions),
            "languages": list(term.languages),
        }
        for term in terms
    ]
    query = {"query": row.query if row else "", "seen_version": row.version if row else 0}
    return Editor(NameForms(initial=initial), QueryForm(initial=query))


def _terms_of(row: MentionQuery | None) -> tuple[Any, ...]:
    """The names of a version; none where it cannot be read any more, so that one can write them anew."""
    try:
        return terms_from_json(row.terms) if row else ()
    except RuleUnusable:
        return ()


def _typed_rule(editor: Editor) -> Rule:
    _terms, rule = read_rule(editor.read(), query=editor.query.cleaned_data["query"].strip())
    return rule


def _rule_of(row: MentionQuery | None) -> Rule:
    try:
        return rule_of(row) if row else Rule((), query="")
    except RuleUnusable as error:
        raise MentionsRefused(str(error)) from error


def _ordinary(terms: tuple[Any, ...]) -> list[tuple[str, str]]:
    """Names that are ordinary words too, with the languages."""
    found = [(term.name, ordinary_languages(term)) for term in terms]
    return [
        (name, ", ".join(labels.label_of(labels.LANGUAGES, code) for code in codes))
        for name, codes in found
        if codes
    ]


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _said(row: MentionQuery) -> str:
    if not row.terms:
        return _("Saved: nothing is watched for, since there is no name.")
    return _("Saved. From now on this counts as a mention.")
