"""Words for the codes of the engine, the playbook and the channels; codes themselves are never shown bare."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise
Table = MappingProxyType[str, Words]

CATEGORIES: MappingProxyType[str, Words] = MappingProxyType(
    {
        "business_error": _("business error"),
        "misunderstanding": _("misunderstanding"),
        "general_negativity": _("general negativity"),
        "employee": _("employee"),
        "question": _("question"),
        "vague": _("vague"),
        "praise": _("praise"),
        "spam": _("spam"),
        "troll": _("troll"),
        "abuse": _("abuse"),
        "other": pgettext_lazy("category", "other"),
    }
)
SENTIMENTS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "negative": _("negative"),
        "neutral": _("neutral"),
        "positive": _("positive"),
        "mixed": _("mixed"),
    }
)
SEVERITIES: MappingProxyType[str, Words] = MappingProxyType(
    {
        "low": pgettext_lazy("severity", "low"),
        "medium": pgettext_lazy("severity", "medium"),
        "high": pgettext_lazy("severity", "high"),
        "critical": pgettext_lazy("severity", "critical"),
    }
)
AROUSALS: MappingProxyType[str, Words] = MappingProxyType(
    {"low": pgettext_lazy("arousal", "calm"), "high": pgettext_lazy("arousal", "upset")}
)
COMPLAINTS: MappingProxyType[str, Words] = MappingProxyType(
    {"true": _("a complaint"), "false": _("no complaint")}
)
GROUNDS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "none": pgettext_lazy("policy ground", "none"),
        "hate": _("hate"),
        "threat": _("threat"),
        "doxxing": _("publishing private data"),
        "sexual": _("sexual content"),
        "illegal": _("illegal content"),
        "spam": _("spam"),
        "scam": _("scam"),
        "profanity_targeted": _("insult of a person"),
        "off_topic": _("off topic"),
    }
)
FLAGS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "offensive": _("offensive"),
        "legal_threat": _("legal threat"),
        "safety": _("safety"),
        "personal_data": _("personal data"),
        "question": _("question"),
        "vague": _("vague"),
        "self_harm": _("self-harm"),
        "minor": _("a minor"),
    }
)
FIELDS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "category": _("Category"),
        "sentiment": _("Sentiment"),
        "complaint": _("Complaint"),
        "is_complaint": _("Complaint"),
        "severity": _("Severity"),
        "arousal": _("Mood"),
        "policy_ground": _("Ground in the policy"),
        "language": _("Language"),
    }
)
INPUTS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "is_complaint": _("complaint"),
        "sentiment": _("sentiment"),
        "category": _("category"),
        "fault_share": _("our share of the fault"),
        "fault_basis": _("what the fault share rests on"),
        "severity": _("severity"),
        "speech_level": _("how far the complaint goes"),
        "arousal": _("mood"),
        "author_type": _("who speaks"),
        "goal": _("what the author wants"),
        "prior_failures": _("earlier failures of ours"),
        "followers": _("followers"),
        "shares_per_hour": _("shares per hour"),
        "virality": _("likely to spread"),
        "policy_ground": _("ground in the policy"),
        "thread_state": _("state of the conversation"),
        "turns_public": _("our public replies so far"),
        "can_help": _("whether we can help"),
        "channel_owner": _("whose channel it is"),
        "tagged": _("names our account"),
        "addressed_to_us": _("speaks to us"),
        "troll_confirmed": _("troll, confirmed by two people"),
        "crisis_level": _("level of the incident"),
        "offensive": _("offensive"),
        "legal_threat": _("legal threat"),
        "safety": _("safety"),
        "personal_data": _("personal data"),
        "self_harm": _("self-harm"),
        "minor": _("a minor"),
    }
)
FAULT_BASES: MappingProxyType[str, Words] = MappingProxyType(
    {
        "order_data": _("order data"),
        "department_answer": _("answer of the department"),
        "admitted": _("admitted by us"),
    }
)
COMPONENTS: MappingProxyType[str, tuple[Words, Words]] = MappingProxyType(
    {
        "ACK": (_("acknowledge"), _("Say what you understood the matter to be.")),
        "EMP": (_("empathise"), _("Name what this is like for the author, without taking blame.")),
        "THX": (_("thank"), _("Thank for telling us.")),
        "REG": (_("regret"), _("Say sorry.")),
        "RESP": (_("own it"), _("Say that it was our mistake.")),
        "EXP": (_("explain"), _("Give the cause in a sentence, no excuse.")),
        "REP": (_("prevent"), _("Say what keeps it from happening again.")),
        "FIX": (_("repair"), _("Say what is done about it, with proof.")),
        "ASK": (_("ask"), _("Ask one precise question.")),
        "FACT": (_("correct"), _("State the fact with its source.")),
        "HELP": (_("help"), _("Offer what helps although it was not our fault.")),
        "TIME": (_("give a time"), _("Say by when, and who.")),
        "OFF": (_("move to private"), _("Hand over to a private channel.")),
        "HOLD": (_("say we are checking"), _("Say that it is being checked and when we report.")),
        "DIS": (_("agree to disagree"), _("Say once that we see it differently.")),
        "MODN": (_("moderator's note"), _("A neutral note about the tone.")),
        "SOR": (_("statement of reasons"), _("Say which clause and why.")),
        "FORM": (_("formal track"), _("Point to the formal way.")),
        "CLOSE": (_("close publicly"), _("Say in public how it ended.")),
    }
)
BANS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "reply": _("do not reply"),
        "evade": _("do not evade the matter"),
        "responsibility": _("do not take responsibility"),
        "blame_author": _("do not blame the author"),
        "public_compensation": _("no compensation in public"),
        "promotion": _("no promotion"),
        "definitive_answer": _("no definitive answer yet"),
    }
)
TASKS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "department": _("ask the department"),
        "promise": _("note the promise"),
        "close_publicly": _("close publicly"),
        "close": _("close the case"),
        "thank_later": _("thank later"),
        "capture_evidence": _("capture evidence"),
        "remove": _("remove (a person decides)"),
        "report_to_platform": _("report to the platform"),
    }
)
APPROVALS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "A0": _("one colleague"),
        "A1": _("a second agent"),
        "A2": _("the lead"),
        "A3": _("the lead and counsel"),
        "A4": _("the crisis lead"),
    }
)
PRIORITIES: MappingProxyType[str, Words] = MappingProxyType(
    {
        "P1": _("most urgent"),
        "P2": _("urgent"),
        "P3": _("as every complaint"),
        "P4": _("can wait"),
        "P5": _("watch only"),
    }
)
GONE: MappingProxyType[str, Words] = MappingProxyType(
    {
        "author": _("deleted by the author, as far as we can tell"),
        "platform": _("removed by the platform, as far as we can tell"),
        "us": _("removed by us"),
        "unknown": _("gone; who removed it is not known"),
    }
)
LANGUAGES: MappingProxyType[str, Words] = MappingProxyType(
    {
        "en": _("English"),
        "tr": _("Turkish"),
        "id": _("Indonesian"),
        "ru": _("Russian"),
        "nl": _("Dutch"),
        "und": _("language not sure"),
    }
)
ATTACHMENTS: MappingProxyType[str, Words] = MappingProxyType(
    {"image": _("picture"), "video": _("video"), "link": _("link"), "file": _("file")}
)
CHANNEL_ERRORS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "credentials": _(
            "The channel does not accept our credentials. Enter a new password or token."
        ),
        "rate_limited": _(
            "The channel asked us to slow down. We try again by ourselves; there is nothing to do."
        ),
        "unavailable": _("The channel does not answer. We try again by ourselves."),
        "bad_answer": _(
            "The channel answered with something we cannot read. We try again by ourselves; if it "
            "stays so, report it."
        ),
        "refused": _("The channel refused. Read what it said, or ask who runs it."),
        "not_found": _("What was asked for is not on the channel any more."),
        "too_long": _("The reply is too long for this channel. Shorten it."),
    }
)
VIEWS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "mine": pgettext_lazy("view", "Mine"),
        "unassigned": pgettext_lazy("view", "Unassigned"),
        "due_soon": pgettext_lazy("view", "Due soon"),
        "approvals": pgettext_lazy("view", "Approvals"),
        "all": pgettext_lazy("view", "All"),
    }
)


def label_of(words: MappingProxyType[str, Words], code: str) -> str:
    """The words for a code; a code that is newer than this page is shown with spaces."""
    return str(words.get(code, code.replace("_", " ")))


def field_or_flag(name: str) -> str:
    """The words for a field of the engine, or for one of its flags."""
    return label_of(FIELDS if name in FIELDS else FLAGS, name)


def channel_error(code: str) -> str:
    """What went wrong on a channel and what to do, in a sentence or two; empty without a code."""
    if not code:
        return ""
    return str(CHANNEL_ERRORS.get(code, CHANNEL_ERRORS["unavailable"]))
