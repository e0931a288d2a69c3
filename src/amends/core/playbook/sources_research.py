"""What standards and research say (R…), how contradictions were settled (C…), capabilities (K…)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from amends.core.text import gettext_noop

RESEARCH: Mapping[str, str] = MappingProxyType(
    {
        "C1": gettext_noop(
            "Protect the criticism and act on the conduct: a foul word does not make a "
            "complaint removable."
        ),
        "C2": gettext_noop(
            "What breaks the law is removed at once; bad manners only after a warning."
        ),
        "C3": gettext_noop(
            "Nothing is ignored: deliberate silence is a decision too, and is watched."
        ),
        "C4": gettext_noop(
            "A suspected troll is asked once; only one confirmed by two people is met with silence."
        ),
        "C5": gettext_noop(
            "Regret and responsibility are two things: own only the part that is known."
        ),
        "C6": gettext_noop(
            "Private talk comes on top: acknowledge in public before it, and tell the "
            "outcome in public after it."
        ),
        "C7": gettext_noop(
            "Two stages: a truthful first reply within the hour, the full one with the facts."
        ),
        "C8": gettext_noop(
            "Authority is given by risk and with time-outs, so that most replies need nobody else."
        ),
        "C10": gettext_noop(
            "A date is named only with somebody who owns it; if it slips, say so before it is due."
        ),
        "C11": gettext_noop(
            "Staying positive means being constructive: no jokes, no emoji and no promotion "
            "in grave matters."
        ),
        "C12": gettext_noop(
            "One neutral note ends a fight; after that the rules hold, and nobody takes sides."
        ),
        "C14": gettext_noop("First keep the evidence, then act, then tell the author."),
        "K07": gettext_noop("A vague post is asked about before it is answered for good."),
        "K08": gettext_noop(
            "The troll test: three questions and one about their experience; a single yes "
            "and it is no troll."
        ),
        "K12": gettext_noop(
            "Who may decide what is laid down beforehand, and a late approval goes to the deputy."
        ),
        "K24": gettext_noop("Legal matters have a lane of their own, with counsel and evidence."),
        "K34": gettext_noop("Followers may make an answer faster and never slower."),
        "K38": gettext_noop(
            "Fights that leave the subject are noticed and lead to one note of a moderator."
        ),
        "K41": gettext_noop(
            "Every comment has an outcome; no answer is a decision with a reason, and is "
            "looked at again."
        ),
        "R1": gettext_noop(
            "Complaints are acknowledged, judged, investigated in proportion, answered, and "
            "tell how to go further (ISO 10002)."
        ),
        "R2": gettext_noop(
            "In a crisis every role has a deputy and every decision its reason and its log "
            "(ISO 22361)."
        ),
        "R3": gettext_noop(
            "Be first, right, credible and empathic; say what is known, what is not, and "
            "when more follows (CDC, crisis communication)."
        ),
        "R4": gettext_noop(
            "First say how to stay safe, then show care; how much is owned depends on who is "
            "responsible (Coombs, crisis communication theory)."
        ),
        "R5": gettext_noop(
            "Denying and evading when one is at fault makes it worse (image repair, Benoit)."
        ),
        "R6": gettext_noop(
            "Owning the fault weighs most in an apology, repair comes second, asking for "
            "forgiveness least (Lewicki, Polin and Lount 2016)."
        ),
        "R7": gettext_noop(
            "Watch trolls, correct the misguided, restore the unhappy customer (US Air Force "
            "guide)."
        ),
        "R8": gettext_noop(
            "Who removes something gives notice, publishes numbers, and lets another person "
            "hear the appeal (Santa Clara Principles)."
        ),
        "R9": gettext_noop(
            "A restriction comes with its reasons, its ground and a way to appeal (EU "
            "Digital Services Act)."
        ),
        "R10": gettext_noop(
            "Evidence is kept unaltered and apart from the working copy, and every access is "
            "logged (Berkeley Protocol)."
        ),
        "R20": gettext_noop(
            "Words of anger or fear, and authors with many ties, make a complaint spread "
            "(Herhausen and others 2019)."
        ),
        "R24": gettext_noop(
            "For failures of product or communication, repair does more than words alone "
            "(Langaro and others)."
        ),
        "R26": gettext_noop(
            "Most who complain expect an answer within the hour (surveys of 2013)."
        ),
        "R27": gettext_noop(
            "Asking for more information alone appeases nobody; repair, and a person who "
            "solves it, do (Einwiller and Steilen 2015)."
        ),
        "R28": gettext_noop(
            "People judge the outcome, the way to it and the manner; manner counts most for "
            "loyalty (Gelbrich and Roschk)."
        ),
        "R29": gettext_noop("Proof that the problem is being solved satisfies best (Schwab 2015)."),
        "R30": gettext_noop(
            "After a second failure only apology and compensation together change what "
            "people think of our motives (Joireman 2013)."
        ),
        "R31": gettext_noop(
            "Those who seek revenge are not won over; those who want a solution are hurt by "
            "silence (Weitzl 2019)."
        ),
        "R33": gettext_noop(
            "Competitors feed on complaints; they are never answered (Grégoire and others 2015)."
        ),
        "R34": gettext_noop(
            "Answers that nobody asked for are welcome only where they help, and in a human "
            "voice (van Noort and Willemsen 2012)."
        ),
        "R35": gettext_noop(
            "A name, the first person and plain words make an answer human (research on the "
            "human voice)."
        ),
        "R37": gettext_noop(
            "Answers made for the person help with complaints; long public ones to praise "
            "can hurt (Wang and Chaudhry 2018; Chen 2019)."
        ),
        "R38": gettext_noop(
            "A failure asks for giving way; without one, facts in a neutral tone work (Li, "
            "Cui and Peng 2018)."
        ),
        "R41": gettext_noop(
            "Intent cannot be known: label conduct and not persons, with the evidence "
            "(Hardaker 2010, 2013)."
        ),
        "R42": gettext_noop(
            "Whether it offends, whom it targets and whether that is a group decide how "
            "grave abuse is (research on offensive language)."
        ),
    }
)
