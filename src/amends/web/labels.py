"""Words for the codes of the engine, the playbook and the channels; codes themselves are never shown bare."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amends.web.labels_capture import CAPTURE_METHODS as CAPTURE_METHODS
from amends.web.labels_find import FILTERS as FILTERS
from amends.web.labels_find import ORDERS as ORDERS
from amends.web.labels_find import VIEWS as VIEWS
from amends.web.labels_triage import AUTHOR_TYPES as AUTHOR_TYPES
from amends.web.labels_triage import EXPERIENCES as EXPERIENCES
from amends.web.labels_triage import FAULT_BASES as FAULT_BASES
from amends.web.labels_triage import FAULTS as FAULTS
from amends.web.labels_triage import GOALS as GOALS
from amends.web.labels_triage import LANES as LANES
from amends.web.labels_triage import ORDER_STATES as ORDER_STATES
from amends.web.labels_triage import ROOT_CAUSES as ROOT_CAUSES
from amends.web.labels_triage import SPEECH_LEVELS as SPEECH_LEVELS
from amends.web.labels_triage import THREAD_STATES as THREAD_STATES
from amends.web.labels_triage import TOPICS as TOPICS

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
BYSTANDER: MappingProxyType[str, Words] = MappingProxyType(
    {
        "understood": _("A stranger understands it without knowing the case."),
        "fair": _("It looks fair to somebody who takes neither side."),
        "screenshot": _("A screenshot of our reply alone does no harm."),
        "face": _("I would say it to the person's face, in these words."),
    }
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
        "topic": _("what the complaint is about"),
        "order_state": _("state of the order"),
        "fault_share": _("our share of the fault"),
        "fault_basis": _("what the fault share rests on"),
        "fault_kind": _("whose fault it is"),
        "wording_unclear": _("our wording was unclear"),
        "severity": _("severity"),
        "speech_level": _("how far the complaint goes"),
        "arousal": _("mood"),
        "author_type": _("who speaks"),
        "goal": _("what the author wants"),
        "prior_failures": _("earlier failures of ours"),
        "followers": _("followers"),
        "platform_factor": _("weight of a follower there"),
        "reach": _("reach"),
        "shares_per_hour": _("shares per hour"),
        "author_ties": _("the author's ties"),
        "style_match": _("writes as the community does"),
        "virality": _("likely to spread"),
        "policy_ground": _("ground in the policy"),
        "policy_tier": _("tier of the ground"),
        "strikes": _("warnings and measures that count"),
        "thread_state": _("state of the conversation"),
        "triage_is_current": _("triaged since the last change"),
        "turns_public": _("our public replies so far"),
        "thread_authors": _("people writing in the thread"),
        "thread_turns": _("what they wrote to each other"),
        "topic_drift": _("off the subject"),
        "thread_heated": _("angry with each other"),
        "off_topic_fight": _("a fight off the subject"),
        "moderator_noted": _("our note stands in the thread"),
        "can_help": _("whether we can help"),
        "channel_owner": _("whose channel it is"),
        "channel_type": _("kind of channel"),
        "tagged": _("names our account"),
        "addressed_to_us": _("speaks to us"),
        "troll_on_topic": _("belongs to the subject"),
        "troll_concern": _("a worry or a reasoned claim"),
        "troll_constructive": _("constructive or founded"),
        "troll_experience": _("the author's own experience"),
        "troll_test": _("the troll test"),
        "troll_confirmed": _("troll, confirmed by two people"),
        "crisis_level": _("level of the incident"),
        "approved_line": _("an approved line is valid"),
        "data_breach": _("says that data leaked"),
        "needs_personal_data": _("needs personal data"),
        "impersonates_us": _("pretends to be us"),
        "offensive": _("offensive"),
        "legal_threat": _("legal threat"),
        "safety": _("safety"),
        "personal_data": _("personal data"),
        "self_harm": _("self-harm"),
        "minor": _("a minor"),
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
        "minimise": _("do not play it down"),
        "forgiveness": _("do not ask for forgiveness"),
        "debate": _("no debate"),
        "humour": _("no jokes, no emoji"),
        "quote_deleted": _("do not quote what was taken away"),
        "contact_request": _("ask for no personal data here"),
        "confirm_employment": _("do not confirm who works here"),
        "unverified_facts": _("only facts that are confirmed"),
        "details": _("no details"),
        "words_without_fix": _("no words before the repair is done"),
        "bargain": _("ask for no better rating and no deletion"),
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
        "second_review": _("a second person reviews it"),
        "statement_of_reasons": _("send the reasons"),
        "legal_option": _("keep the legal way open"),
        "emergency_protocol": _("follow the emergency protocol"),
        "seal_access": _("seal the case"),
        "named_contact": _("name a contact"),
        "hand_to_hr": _("hand to HR"),
        "disclosure_check": _("check whether the law protects the disclosure"),
        "keep_versions": _("keep every version"),
        "triage_again": _("confirm the triage again"),
        "troll_test": _("do the troll test"),
        "look_again": _("look again"),
        "lock_thread": _("close the thread to new comments"),
        "warn": _("note the warning"),
        "temporary_ban": _("ban for a while (a person decides)"),
        "permanent_ban": _("ban for good (a person decides)"),
        "disclose_affiliation": _("say who we are"),
        "ask_leave": _("ask whether we may help"),
        "root_cause": _("find the root cause"),
        "named_senior": _("a senior person takes over by name"),
        "redress_privately": _("make it good in private"),
        "fix_text": _("mend the text"),
        "lesson": _("note the lesson"),
        "private_thread": _("open a private thread"),
        "raise_signal": _("tell the crisis watch"),
        "phone_call": _("call the person"),
        "portal_answer": _("answer formally on the portal"),
        "resolved_note": _('ask for the note "resolved" once it is'),
        "guardian_route": _("show the way through a guardian"),
        "legal_clocks": _("start the legal deadlines"),
        "public_warning": _("warn in public"),
    }
)
APPROVALS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "A0": _("the writer alone"),
        "A1": _("a second agent"),
        "A2": _("the lead"),
        "A3": _("the lead and counsel"),
        "A4": _("an owner"),
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

FILE_REASONS: MappingProxyType[str, Words] = MappingProxyType(
    {
        "too_large": _("larger than the desk keeps (10 MB)"),
        "unreadable": _("not a picture that can be read"),
        "refused": _("its server did not give it, or the desk may not ask there"),
        "not_there": _("gone from its server"),
        "unreachable": _("its server could not be reached"),
        "erased": _("erased"),
    }
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
