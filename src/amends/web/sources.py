"""What the sources behind a rule say, each in one sentence; S are instructions of practice, R is research."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCES: MappingProxyType[str, str | Promise] = MappingProxyType(
    {
        "C2": _("What breaks the law is removed at once; bad manners only after a warning."),
        "C3": _("Nothing is ignored: deliberate silence is a decision too, and is watched."),
        "C5": _("Regret and responsibility are two things: own only the part that is known."),
        "C7": _("Two stages: a truthful first reply within the hour, the full one with the facts."),
        "C14": _("First keep the evidence, then act, then tell the author."),
        "K07": _("Spam and scams go by a quick path of their own."),
        "S0.18": _("People expect an answer within an hour."),
        "S0.19": _("Keep after the department until it answers."),
        "S0.31": _("Apologise even when only one per cent of the fault is ours."),
        "S1.10": _("Step in fast."),
        "S1.17": _("Ignoring is the worst answer."),
        "S2.4": _("Never ignore a comment, on no platform."),
        "S2.7": _("No promotion towards somebody whose complaint is not answered."),
        "S2.16": _("Our own answer can spread as fast as the complaint."),
        "S2.25": _("Text is easily misread: say back what was understood."),
        "S2.26": _("Ask for the details that are missing."),
        "S2.27": _("Ask first, answer definitively afterwards."),
        "S2.29": _("It is possible to agree to disagree."),
        "S2.33": _("Deleting, blocking and reporting are the last resort."),
        "S2.34": _("Racism, insults and spam are reported without hesitation."),
        "S2.38": _("First the apology, then a real repair."),
        "S2.40": _("Not our fault, but we can help: then help and explain."),
        "S2.42": _("Stay impartial, never patronise or mock."),
        "S3.11": _("People want their problem solved, not our reputation harmed."),
        "S3.13": _("Settle the matter the same day or within days."),
        "S3.14": _("Answer within an hour."),
        "S3.15": _("Tell truthfully how far the solution is."),
        "S3.16": _("When the company is at fault, it apologises."),
        "S3.17": _("Check whether the accusation is founded."),
        "S4.17": _("A misunderstanding is a kind of its own."),
        "S4.26": _("Do not be afraid to own a mistake."),
        "S4.30": _("When it is our fault: own it, then apologise."),
        "R5": _("Denying and evading when one is at fault makes it worse (image repair, Benoit)."),
        "R6": _(
            "Owning the fault weighs most in an apology, repair comes second, asking for forgiveness "
            "least (Lewicki, Polin and Lount 2016)."
        ),
        "R7": _(
            "Watch trolls, correct the misguided, restore the unhappy customer (US Air Force guide)."
        ),
        "R20": _(
            "Words of anger or fear, and authors with many ties, make a complaint spread "
            "(Herhausen and others 2019)."
        ),
        "R24": _(
            "For failures of product or communication, repair does more than words alone "
            "(Langaro and others)."
        ),
        "R26": _("Most who complain expect an answer within the hour (surveys of 2013)."),
        "R27": _(
            "Asking for more information alone appeases nobody; repair, and a person who solves it, "
            "do (Einwiller and Steilen 2015)."
        ),
        "R30": _(
            "After a second failure only apology and compensation together change what people think "
            "of our motives (Joireman 2013)."
        ),
        "R37": _(
            "Answers made for the person help with complaints; long public ones to praise can hurt "
            "(Wang and Chaudhry 2018; Chen 2019)."
        ),
        "R38": _(
            "A failure asks for giving way; without one, facts in a neutral tone work "
            "(Li, Cui and Peng 2018)."
        ),
    }
)


def source_words(code: str) -> str:
    """The sentence of a source; empty for one that a workspace's own playbook names."""
    return str(SOURCES.get(code, ""))
