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
    MailStatus,
    TaskMail,
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
from amends.cases.models.kept import KeptWords
from amends.cases.models.label import CaseLabel, Label, LabelColour, fold_name
from amends.cases.models.legal_hold import LegalHold
from amends.cases.models.merge import Merge, NotTheSame
from amends.cases.models.note import Note
from amends.cases.models.playbook import DecisionOverride, WhatIf, WhatIfChange, WhatIfStatus
from amends.cases.models.presence import Presence
from amends.cases.models.release import ModelRelease, ReleaseStatus
from amends.cases.models.retention import CaseErasure, Retention
from amends.cases.models.root_cause import RootCause
from amends.cases.models.routing import Routing, RoutingRules, RoutingState
from amends.cases.models.saved_view import SavedView
from amends.cases.models.search import SearchDocument
from amends.cases.models.stroke import Macro, Stroke, StrokeKind
from amends.cases.models.thread_sign import Advocate, Fight
from amends.cases.models.trace import Trace, TraceKind
from amends.cases.models.troll import Experience, Ruled, TrollAnswer, TrollRuling, TrollTest
from amends.cases.models.welfare import HostileDay, HostileMark, PassedOn, WelfareChoice

__all__ = [
    "OPEN_STATUSES",
    "TASKS_WAITING",
    "Advocate",
    "Case",
    "CaseClock",
    "CaseComment",
    "CaseErasure",
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
    "Hold",
    "HostileDay",
    "HostileMark",
    "IdentityLink",
    "KeptWords",
    "Label",
    "LabelColour",
    "Lane",
    "LegalHold",
    "LinkGround",
    "LinkState",
    "Macro",
    "MailStatus",
    "Merge",
    "ModelRelease",
    "NotTheSame",
    "Note",
    "PassedOn",
    "Presence",
    "ReleaseStatus",
    "Retention",
    "RootCause",
    "Routing",
    "RoutingRules",
    "RoutingState",
    "Ruled",
    "SavedView",
    "SearchDocument",
    "SilenceGround",
    "SilenceLook",
    "SilenceProposal",
    "SilenceRuling",
    "Stroke",
    "StrokeKind",
    "TaskMail",
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
    "fold_name",
]
