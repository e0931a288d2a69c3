"""Reads the triage form of the case page, and says what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from amends.cases.fault import FaultKind
from amends.cases.models import Triage
from amends.cases.root_causes import own_root_causes
from amends.cases.triage import FLAGS, TriageForm, form_of
from amends.web import labels

_YES_NO = {"yes": True, "no": False, "": None}
_WHOLLY = 100  # per cent, where a fault is ours and nobody says how much of it


class Unreadable(Exception):
    """A form holds something that is no answer; the message is for the person."""


@dataclass(frozen=True, slots=True)
class TriageChoices:
    """What the form offers beside the codes that every workspace shares."""

    causes: tuple[tuple[str, str], ...]
    flags: tuple[tuple[str, str], ...]


def read_triage_choices(workspace_id: int) -> TriageChoices:
    """The shipped root causes, then the workspace's own; and the flags that a person confirms."""
    own = [(cause.code, cause.name) for cause in own_root_causes(workspace_id)]
    shipped = [(code, str(words)) for code, words in labels.ROOT_CAUSES.items()]
    flags = [(flag.value, labels.label_of(labels.FLAGS, flag.value)) for flag in FLAGS]
    return TriageChoices(tuple(shipped + own), tuple(flags))


def read_triage_form(values: QueryDict) -> TriageForm:
    """The form as the verb takes it; raises Unreadable for what cannot be read."""
    is_asked = "asked" in values  # an unticked box sends nothing: the form says that it asked
    share, can_help = _read_fault(values)
    is_known = share is not None
    return TriageForm(
        category=values.get("category", ""),
        sentiment=values.get("sentiment", ""),
        is_complaint=_read_yes_no(values, "is_complaint") is True,
        severity=values.get("severity", ""),
        arousal=values.get("arousal", ""),
        fault_share=share,
        fault_basis=values.get("fault_basis", "") if is_known else "",
        fault_words=values.get("fault_words", "").strip() if is_known else "",
        can_help=can_help,
        author_type=values.get("author_type", ""),
        goal=values.get("goal", ""),
        root_cause=values.get("root_cause", ""),
        own_root_cause=values.get("own_root_cause", ""),
        speech_level=values.get("speech_level", ""),
        policy_ground=values.get("policy_ground", "none") if is_asked else None,
        flags=tuple(values.getlist("flags")) if is_asked else None,
        verdict_seen=_read_key(values.get("verdict", "")),
    )


def fill_triage_form(form: TriageForm, *, typed: QueryDict | None = None) -> dict[str, object]:
    """What stands in the form: what was typed and refused, else the suggestion."""
    if typed and "category" in typed:
        said = {name: typed.get(name, "") for name in typed}
        is_complaint = typed.get("is_complaint") == "yes"
        return {**said, "is_complaint": is_complaint, "flags": typed.getlist("flags")}
    fault = form.fault
    return {
        "category": form.category,
        "sentiment": form.sentiment,
        "is_complaint": form.is_complaint,
        "severity": form.severity,
        "arousal": form.arousal,
        "fault": fault.kind.value,
        "fault_share": str(form.fault_share) if fault.kind == FaultKind.OURS else "",
        "fault_basis": form.fault_basis,
        "fault_words": form.fault_words,
        "author_type": form.author_type,
        "goal": form.goal,
        "root_cause": form.root_cause,
        "own_root_cause": "",
        "speech_level": form.speech_level,
        "policy_ground": form.policy_ground or "none",
        "flags": list(form.flags or ()),
    }


def explain_triage(triage: Triage | None, *, choices: TriageChoices) -> tuple[str, ...]:
    """What else a person confirmed, in words; what was left out says nothing."""
    if triage is None:
        return ()
    fault = form_of(triage).fault
    said = []
    if triage.fault_share is not None and fault.kind != FaultKind.OURS:
        said.append(labels.label_of(labels.FAULTS, fault.kind))
    said.append(dict(choices.causes).get(triage.root_cause, ""))
    if triage.author_type:
        said.append(labels.label_of(labels.AUTHOR_TYPES, triage.author_type))
    if triage.goal:
        said.append(labels.label_of(labels.GOALS, triage.goal))
    if triage.policy_ground not in {"", "none"}:
        said.append(labels.label_of(labels.GROUNDS, triage.policy_ground))
    said += [labels.label_of(labels.FLAGS, flag) for flag in triage.flags or ()]
    return tuple(one for one in said if one)


def _read_fault(values: Mapping[str, str]) -> tuple[int | None, bool | None]:
    """Our share and whether we can help, by the three-way choice; without one as they were given."""
    kind = values.get("fault", "")
    if not kind:
        return _read_share(values.get("fault_share", "")), _read_yes_no(values, "can_help")
    if kind not in set(FaultKind):
        raise Unreadable(_("Choose one of the answers offered."))
    if kind == FaultKind.UNKNOWN:
        return None, None
    if kind != FaultKind.OURS:
        return 0, kind == FaultKind.NOT_OURS_CAN_HELP
    share = _read_share(values.get("fault_share", ""))
    if share == 0:
        raise Unreadable(_("A fault that is ours in part is more than 0 per cent."))
    return _WHOLLY if share is None else share, None


def _read_yes_no(values: Mapping[str, str], name: str) -> bool | None:
    raw = values.get(name, "")
    if raw not in _YES_NO:
        raise Unreadable(_("Choose one of the answers offered."))
    return _YES_NO[raw]


def _read_share(raw: str) -> int | None:
    raw = raw.strip().removesuffix("%").strip()
    if not raw:
        return None
    if not raw.isdecimal() or len(raw) > 4:
        raise Unreadable(
            _(
                "“%(value)s” is no share of the fault: write a number from 0 to 100, or leave it empty."
            )
            % {"value": raw[:20]}
        )
    return int(raw)


def _read_key(raw: str) -> int | None:
    return int(raw) if raw.isdecimal() and len(raw) < 19 else None
