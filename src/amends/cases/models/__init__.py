"""Tables of the work on comments."""

from amends.cases.models.case import OPEN_STATUSES, Case, CaseComment, CaseStatus, Lane
from amends.cases.models.clocks import CaseClock, ClockPlan, CustomerWait
from amends.cases.models.departments import (
    TASKS_WAITING,
    Department,
    DepartmentTask,
    TaskState,
)
from amends.cases.models.hold import Hold
from amends.cases.models.judgement import Decision, Triage, Verdict
from amends.cases.models.note import Note
from amends.cases.models.release import ModelRelease, ReleaseStatus

__all__ = [
    "OPEN_STATUSES",
    "TASKS_WAITING",
    "Case",
    "CaseClock",
    "CaseComment",
    "CaseStatus",
    "ClockPlan",
    "CustomerWait",
    "Decision",
    "Department",
    "DepartmentTask",
    "Hold",
    "Lane",
    "ModelRelease",
    "Note",
    "ReleaseStatus",
    "TaskState",
    "Triage",
    "Verdict",
]
