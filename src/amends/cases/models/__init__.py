"""Tables of the work on comments."""

from amends.cases.models.case import (
    OPEN_STATUSES,
    Case,
    CaseComment,
    CaseStatus,
    DispositionCode,
    Lane,
)
from amends.cases.models.clocks import CaseClock, ClockPlan, CustomerWait
from amends.cases.models.departments import (
    TASKS_WAITING,
    Department,
    DepartmentTask,
    TaskState,
)
from amends.cases.models.disposition import (
    Disposition,
    SilenceGround,
    SilenceLook,
    SilenceProposal,
    SilenceRuling,
)
from amends.cases.models.hold import Hold
from amends.cases.models.identity import IdentityLink, LinkGround, LinkState
from amends.cases.models.judgement import Decision, Triage, Verdict
from amends.cases.models.label import CaseLabel, Label, LabelColour
from amends.cases.models.legal_hold import LegalHold
from amends.cases.models.merge import Merge, NotTheSame
from amends.cases.models.note import Note
from amends.cases.models.playbook import DecisionOverride, WhatIf, WhatIfChange, WhatIfStatus
from amends.cases.models.release import ModelRelease, ReleaseStatus
from amends.cases.models.root_cause import RootCause
from amends.cases.models.thread_sign import Advocate, Fight
from amends.cases.models.trace import Trace, TraceKind
from amends.cases.models.troll import Experience, Ruled, TrollAnswer, TrollRuling, TrollTest
from amends.cases.models.welfare import HandOver, HostileDay, HostileMark, WelfareChoice

__all__ = [
    "OPEN_STATUSES",
    "TASKS_WAITING",
    "Advocate",
    "Case",
    "CaseClock",
    "CaseComment",
    "CaseLabel",
    "CaseStatus",
    "ClockPlan",
    "CustomerWait",
    "Decision",
    "DecisionOverride",
    "Department",
    "DepartmentTask",
    "Disposition",
    "DispositionCode",
    "Experience",
    "Fight",
    "HandOver",
    "Hold",
    "HostileDay",
    "HostileMark",
    "IdentityLink",
    "Label",
    "LabelColour",
    "Lane",
    "LegalHold",
    "LinkGround",
    "LinkState",
    "Merge",
    "ModelRelease",
    "NotTheSame",
    "Note",
    "ReleaseStatus",
    "RootCause",
    "Ruled",
    "SilenceGround",
    "SilenceLook",
    "SilenceProposal",
    "SilenceRuling",
    "TaskState",
    "Trace",
    "TraceKind",
    "Triage",
    "TrollAnswer",
    "TrollRuling",
    "TrollTest",
    "Verdict",
    "WelfareChoice",
    "WhatIf",
    "WhatIfChange",
    "WhatIfStatus",
]
