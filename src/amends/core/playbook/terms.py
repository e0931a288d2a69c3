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


class ChannelType(StrEnum):
    """What kind of place it is; a portal is where complaints are filed and a formal answer is due."""

    SOCIAL = "social"
    REVIEW = "review"
    MARKETPLACE = "marketplace"
    PORTAL = "portal"
    FORUM = "forum"
    DIRECT = "direct"


class Virality(StrEnum):
    """Whether the comment is likely to spread."""

    LOW = "low"
    HIGH = "high"


class Ties(StrEnum):
    """How closely the author is tied to those who read it."""

    WEAK = "weak"
    STRONG = "strong"


class PolicyTier(StrEnum):
    """How a ground of the policy is acted on: A at once, B after a warning, none never (C2)."""

    A = "A"
    B = "B"
    NONE = "none"


class FaultKind(StrEnum):
    """Whose fault it was and whether we can help; NOT_OURS while nobody knows if we can."""

    OURS = "ours"
    CAN_HELP = "not_ours_can_help"
    CANNOT_HELP = "not_ours_cannot_help"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"


class TrollExperience(StrEnum):
    """What came of asking a suspected troll about their own experience with us."""

    ASKED = "asked"
    USABLE = "usable"
    UNUSABLE = "unusable"


class TrollTest(StrEnum):
    """How far the troll test has come; `passed` means that the author is no troll."""

    OPEN = "open"
    PASSED = "passed"
    ASK = "ask"
    ASKED = "asked"
    FAILED = "failed"


class Topic(StrEnum):
    """What an order or product complaint is about; shops sort by it."""

    DELIVERY_LATE = "delivery_late"
    DELIVERY_LOST = "delivery_lost"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_PART = "missing_part"
    QUALITY = "quality"
    NOT_AS_DESCRIBED = "not_as_described"
    COUNTERFEIT = "counterfeit"
    PRODUCT_SAFETY = "product_safety"
    RETURN = "return"
    REFUND_LATE = "refund_late"
    REFUND_REFUSED = "refund_refused"
    WARRANTY = "warranty"
    PRICE_ERROR = "price_error"
    CHARGED_TWICE = "charged_twice"
    PAYMENT = "payment"
    PROMOTION_TERMS = "promotion_terms"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_STATUS = "order_status"
    SELLER = "seller"
    REVIEW_REMOVED = "review_removed"
    ACCOUNT = "account"
    SERVICE = "service"
    OTHER = "other"


class OrderState(StrEnum):
    """Where the order stands that a comment speaks of."""

    NONE = "none"
    PLACED = "placed"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


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
    MINIMISE = "minimise"
    FORGIVENESS = "forgiveness"
    DEBATE = "debate"
    HUMOUR = "humour"
    QUOTE_DELETED = "quote_deleted"
    CONTACT_REQUEST = "contact_request"
    CONFIRM_EMPLOYMENT = "confirm_employment"
    UNVERIFIED_FACTS = "unverified_facts"
    DETAILS = "details"
    WORDS_WITHOUT_FIX = "words_without_fix"
    BARGAIN = "bargain"


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
    SECOND_REVIEW = "second_review"
    STATEMENT_OF_REASONS = "statement_of_reasons"
    LEGAL_OPTION = "legal_option"
    EMERGENCY_PROTOCOL = "emergency_protocol"
    SEAL_ACCESS = "seal_access"
    NAMED_CONTACT = "named_contact"
    HAND_TO_HR = "hand_to_hr"
    DISCLOSURE_CHECK = "disclosure_check"
    KEEP_VERSIONS = "keep_versions"
    TRIAGE_AGAIN = "triage_again"
    TROLL_TEST = "troll_test"
    LOOK_AGAIN = "look_again"
    LOCK_THREAD = "lock_thread"
    WARN = "warn"
    TEMPORARY_BAN = "temporary_ban"
    PERMANENT_BAN = "permanent_ban"
    DISCLOSE_AFFILIATION = "disclose_affiliation"
    ASK_LEAVE = "ask_leave"
    ROOT_CAUSE = "root_cause"
    NAMED_SENIOR = "named_senior"
    REDRESS_PRIVATELY = "redress_privately"
    FIX_TEXT = "fix_text"
    LESSON = "lesson"
    PRIVATE_THREAD = "private_thread"
    RAISE_SIGNAL = "raise_signal"
    PHONE_CALL = "phone_call"
    PORTAL_ANSWER = "portal_answer"
    RESOLVED_NOTE = "resolved_note"
    GUARDIAN_ROUTE = "guardian_route"
    LEGAL_CLOCKS = "legal_clocks"
    PUBLIC_WARNING = "public_warning"


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


class Approver(StrEnum):
    """Who may agree, as a playbook names them; a workspace says which people they are."""

    AGENT = "agent"
    SECOND_AGENT = "second_agent"
    DUTY_LEAD = "duty_lead"
    COUNSEL = "counsel"
    HR = "hr"
    SAFETY = "safety"
    CRISIS_LEAD = "crisis_lead"
    EXECUTIVE = "executive"


class LateApproval(StrEnum):
    """What happens when nobody with authority has agreed in time; nothing is ever sent by itself."""

    DEPUTY = "deputy"
    HOLDING_ONLY = "holding_only"


class Redress(StrEnum):
    """Up to which limit of the workspace money or goods may be offered at a level."""

    NONE = "none"
    LIMIT1 = "limit1"
    LIMIT2 = "limit2"
    ANY = "any"


class PauseKind(StrEnum):
    """Why a clock may stand still."""

    CLARIFY = "clarify"


class PauseEnd(StrEnum):
    """What follows when the author never answers our question."""

    CLOSE_NO_ANSWER = "close_no_answer"
    ASK_A_PERSON = "ask_a_person"


class FaultBand(StrEnum):
    """How much of the fault is ours, as the apology asks: nobody knows, 0, 1 to 49, 50 to 100."""

    UNKNOWN = "unknown"
    NONE = "none"
    PART = "part"
    MOST = "most"
