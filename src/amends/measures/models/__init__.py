"""Tables of measures, of what authors are told about them, and of their appeals."""

from amends.measures.models.measure import (
    Confirmation,
    Measure,
    MeasureKind,
    MeasureMode,
    MeasureStatus,
    ReviewPage,
    Tier,
    UndoReason,
)
from amends.measures.models.repost import Repost
from amends.measures.models.statement import Appeal, AppealLink, AppealStatus, StatementOfReasons

__all__ = [
    "Appeal",
    "AppealLink",
    "AppealStatus",
    "Confirmation",
    "Measure",
    "MeasureKind",
    "MeasureMode",
    "MeasureStatus",
    "Repost",
    "ReviewPage",
    "StatementOfReasons",
    "Tier",
    "UndoReason",
]
