"""What a step of a macro or an act in bulk does, in words: the preview says exactly what will be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from amends.accounts.models import User
from amends.cases.acts import ME, NOBODY, Act
from amends.cases.macros import labels_named, steps_of
from amends.cases.models import DispositionCode, Macro

SNOOZES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "later": gettext_lazy("Later today"),
        "tomorrow": gettext_lazy("Tomorrow at 9:00"),
        "monday": gettext_lazy("Monday at 9:00"),
    }
)
VERBS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "assign": pgettext_lazy("step of a macro", "Give to"),
        "label": pgettext_lazy("step of a macro", "Put the label"),
        "unlabel": pgettext_lazy("step of a macro", "Take off the label"),
        "snooze": pgettext_lazy("step of a macro", "Snooze"),
        "note": pgettext_lazy("step of a macro", "Write the note"),
        "close": pgettext_lazy("step of a macro", "Close"),
    }
)
WOKEN: Mapping[str, str | Promise] = MappingProxyType(
    {
        "time": gettext_lazy("Woken: its time has come"),
        "customer": gettext_lazy("Woken: the customer wrote"),
        "clock": gettext_lazy("Woken: a clock runs out"),
    }
)


def macro_sentences(macros: Sequence[Macro]) -> list[list[str]]:
    """What each macro will do, one sentence a step; asks for names once, however many there are."""
    steps = [steps_of(one) for one in macros]
    every = [step for some in steps for step in some]
    labels = labels_named(every)
    keys = [key for step in every if (key := _key(step.values.get("to")))]
    people = User.objects.in_bulk(keys) if keys else {}
    gone = _("(gone)")
    return [
        [
            _sentence(
                step,
                label=str(labels.get(step.values.get("label", 0), gone)),
                person=str(people.get(_key(step.values.get("to")), gone)),
            )
            for step in some
        ]
        for some in steps
    ]


def _sentence(step: Act, *, label: str, person: str) -> str:
    values = step.values
    if step.verb == "assign":
        if values.get("to") == ME:
            return _("Give the case to whoever runs it")
        if values.get("to") == NOBODY:
            return _("Put the case back into the queue")
        return _("Give the case to %(name)s") % {"name": person}
    if step.verb == "label":
        return _("Put the label “%(name)s”") % {"name": label}
    if step.verb == "unlabel":
        return _("Take off the label “%(name)s”") % {"name": label}
    if step.verb == "snooze":
        when = str(SNOOZES.get(str(values.get("choice")), ""))
        return _("Snooze: %(when)s") % {"when": when}
    if step.verb == "note":
        return _("Write the note: “%(text)s”") % {"text": values.get("text", "")}
    code = DispositionCode(values["disposition"])
    return _("Close: %(what)s (%(why)s)") % {"what": code.label, "why": values.get("reason", "")}


def _key(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isdigit() else 0
