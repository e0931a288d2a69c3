"""The codes that playbooks and decisions use beside the engine's (docs/playbook.md)."""

from __future__ import annotations

from enum import StrEnum


class SpeechLevel(StrEnum):
    """How far a complaint goes in words."""

    NONE = "none"
    NO_REPROACH = "no_reproach"
    DISAPPROVAL = "disapproval"
    ACCUSATION = "accusation"
    BLAME = "blame"


class AuthorType(StrEnum):
    """Who speaks, as records and people know it."""

    CUSTOMER_VERIFIED = "customer_verified"
    CUSTOMER_UNVERIFIED = "customer_unverified"
    BYSTANDER = "bystander"
    COMPETITOR = "competitor"
    JOURNALIST_INFLUENCER = "journalist_influencer"
    AUTHORITY = "authority"
    MINOR_SUSPECTED = "minor_suspected"
    REPEAT_HOSTILE = "repeat_hostile"


class Goal(StrEnum):
    """What the author wants; leave it out while nobody knows."""

    CONSTRUCTIVE = "constructive"
    VINDICTIVE = "vindictive"


class FaultBasis(StrEnum):
    """Where a fault share comes from; a guess is no basis."""

    ORDER_DATA = "order_data"
    DEPARTMENT_ANSWER = "department_answer"
    ADMITTED = "admitted"


class ThreadState(StrEnum):
    """Where the conversation stands."""

    FRESH = "fresh"
    ANSWERED_WAITING = "answered_waiting"
    CLARIFYING = "clarifying"
    PRIVATE = "private"
    FIGHT = "fight"
    REOPENED = "reopened"
    DELETED_BY_AUTHOR = "deleted_by_author"
    EDITED = "edited"


class ChannelOwner(StrEnum):
    """On whose ground the comment stands."""

    OWN_HOSTED = "own_hosted"
    OWN_PAGE = "own_page"
    THIRD_PARTY = "third_party"


class Virality(StrEnum):
    """Whether the comment is likely to spread."""

    LOW = "low"
    HIGH = "high"


class Component(StrEnum):
    """A part of a reply; a strategy lists them in the order in which they are said."""

    ACK = "ACK"
    EMP = "EMP"
    THX = "THX"
    REG = "REG"
    RESP = "RESP"
    EXP = "EXP"
    REP = "REP"
    FIX = "FIX"
    ASK = "ASK"
    FACT = "FACT"
    HELP = "HELP"
    TIME = "TIME"
    OFF = "OFF"
    HOLD = "HOLD"
    DIS = "DIS"
    MODN = "MODN"
    SOR = "SOR"
    FORM = "FORM"
    CLOSE = "CLOSE"


class Ban(StrEnum):
    """What a reply under a rule must not contain or do."""

    REPLY = "reply"
    EVADE = "evade"
    RESPONSIBILITY = "responsibility"
    BLAME_AUTHOR = "blame_author"
    PUBLIC_COMPENSATION = "public_compensation"
    PROMOTION = "promotion"
    DEFINITIVE_ANSWER = "definitive_answer"


class TaskKind(StrEnum):
    """Work that a rule asks for beside the reply; a person does it or confirms it."""

    DEPARTMENT = "department"
    PROMISE = "promise"
    CLOSE_PUBLICLY = "close_publicly"
    CLOSE = "close"
    THANK_LATER = "thank_later"
    CAPTURE_EVIDENCE = "capture_evidence"
    REMOVE = "remove"
    REPORT_TO_PLATFORM = "report_to_platform"


class RuleKind(StrEnum):
    """From which part of a playbook a rule is; ERROR: a rule could not be evaluated."""

    GATE = "gate"
    MATRIX = "matrix"
    DEFAULT = "default"
    PRIORITY = "priority"
    ERROR = "error"


class Operator(StrEnum):
    """How a condition compares."""

    EQ = "eq"
    IN = "in"
    GTE = "gte"
    LTE = "lte"
    KNOWN = "known"


class Hours(StrEnum):
    """Which time a clock counts."""

    ALWAYS = "always"
    WORKING = "working"


class ClockKind(StrEnum):
    """The three promises of time to an author."""

    FIRST_REPLY = "first_reply"
    PROGRESS = "progress"
    RESOLUTION = "resolution"
