"""Tables of the work on comments."""

from amends.cases.models.case import (
    OPEN_STATUSES,
    Case,
    CaseComment,
    CaseStatus,
    DispositionCode,
    Lane,
)
from amends.cases.models.disposition import (
    Disposition,
    SilenceGround,
    SilenceLook,
    SilenceProposal,
    SilenceRuling,
)
from amends.cases.models.hold import Hold
from amends.cases.models.judgement import Decision, Triage, Verdict
from amends.cases.models.legal_hold import LegalHold
from amends.cases.models.note import Note
from amends.cases.models.playbook import DecisionOverride, WhatIf, WhatIfChange, WhatIfStatus
from amends.cases.models.release import ModelRelease, ReleaseStatus
from amends.cases.models.root_cause import RootCause
from amends.cases.models.thread_sign import Advocate, Fight
from amends.cases.models.troll import Experience, Ruled, TrollAnswer, TrollRuling, TrollTest

__all__ = [
    "OPEN_STATUSES",
    "Advocate",
    "Case",
    "CaseComment",
    "CaseStatus",
    "Decision",
    "DecisionOverride",
    "Disposition",
    "DispositionCode",
    "Experience",
    "Fight",
    "Hold",
    "Lane",
    "LegalHold",
    "ModelRelease",
    "Note",
    "ReleaseStatus",
    "RootCause",
    "Ruled",
    "SilenceGround",
    "SilenceLook",
    "SilenceProposal",
    "SilenceRuling",
    "Triage",
    "TrollAnswer",
    "TrollRuling",
    "TrollTest",
    "Verdict",
    "WhatIf",
    "WhatIfChange",
    "WhatIfStatus",
]
