"""Tables of the work on comments."""

from amends.cases.models.case import OPEN_STATUSES, Case, CaseComment, CaseStatus, Lane
from amends.cases.models.hold import Hold
from amends.cases.models.judgement import Decision, Triage, Verdict
from amends.cases.models.note import Note
from amends.cases.models.playbook import DecisionOverride, WhatIf, WhatIfChange, WhatIfStatus
from amends.cases.models.release import ModelRelease, ReleaseStatus

__all__ = [
    "OPEN_STATUSES",
    "Case",
    "CaseComment",
    "CaseStatus",
    "Decision",
    "DecisionOverride",
    "Hold",
    "Lane",
    "ModelRelease",
    "Note",
    "ReleaseStatus",
    "Triage",
    "Verdict",
    "WhatIf",
    "WhatIfChange",
    "WhatIfStatus",
]
