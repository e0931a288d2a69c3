"""What the codes of the log mean, in the reader's language; an unknown code is shown as it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "workspace.create": _("set up the desk"),
    "person.invite": _("invited"),
    "person.withdraw_invitation": _("withdrew the invitation of"),
    "person.join": _("joined"),
    "person.offboard": _("off-boarded"),
    "person.change_role": _("changed the role of"),
    "person.rename": _("changed the own name"),
    "person.sign_in": _("signed in"),
    "person.change_password": _("changed the own password"),
    "person.reset_password": _("set a new password by mail"),
    "person.activate_second_factor": _("turned the second factor on"),
    "person.deactivate_second_factor": _("turned the second factor off"),
    "person.make_recovery_codes": _("made new recovery codes"),
    "channel.connect": _("connected"),
    "channel.credentials": _("entered new credentials for"),
    "channel.pause": _("paused"),
    "channel.resume": _("resumed"),
    "channel.fail": _("could not hear"),
    "mentions.change": _("changed what counts as a mention of"),
    "comment.bring_in": _("brought in"),
    "content.redact": _("erased"),
    "case.open": _("opened"),
    "case.triage": _("confirmed the triage of"),
    "case.assign": _("assigned"),
    "case.return": _("returned to the queue"),
    "case.move": _("moved"),
    "case.note": _("wrote a note on"),
    "case.close": _("closed"),
    "case.clock": _("warned about the clock of"),
    "promise.make": _("made a promise about"),
    "promise.keep": _("kept a promise about"),
    "promise.break": _("broke a promise about"),
    "promise.remind": _("reminded of a promise about"),
    "promise.late": _("found late a promise about"),
    "reply.ask": _("asked for approval of the reply to"),
    "reply.override": _("overrode the linter for the reply to"),
    "reply.approve": _("approved the reply to"),
    "reply.send_back": _("sent back the reply to"),
    "reply.withdraw": _("withdrew the reply to"),
    "reply.pin": _("read the new version of"),
    "reply.freeze": _("froze the reply to"),
    "reply.vanish": _("missed our reply to"),
    "reply.send": _("sent the reply to"),
    "reply.send_again": _("sent again the reply to"),
    "reply.fail": _("could not send the reply to"),
    "reply.unknown": _("does not know whether it arrived, the reply to"),
    "reply.settle": _("settled whether it arrived, the reply to"),
    "measure.propose": _("asked for a measure in"),
    "measure.refused": _("was refused a measure in"),
    "measure.confirm": _("agreed to a measure in"),
    "measure.decline": _("declined a measure in"),
    "measure.act": _("carried out a measure in"),
    "measure.fail": _("could not carry out a measure in"),
    "measure.unknown": _("does not know whether it stands, a measure in"),
    "measure.settle": _("settled whether it stands, a measure in"),
    "measure.late": _("still misses the second person of a measure in"),
    "measure.take_back": _("took back a measure in"),
    "measure.undo": _("undid a measure in"),
    "statement.draft": _("drafted the statement of reasons in"),
    "statement.by_hand": _("took the statement of reasons by hand from"),
    "appeal.open": _("appealed in"),
    "appeal.late": _("found late an appeal in"),
    "appeal.decide": _("decided about an appeal in"),
    "legal_hold.review": _("reviewed the legal hold on"),
    "legal_hold.release": _("released the legal hold on"),
    "case.lane": _("moved into another lane"),
    "channel.reviews": _("said whether reviews stand on"),
    "engine.train": _("asked for a training of the engine for"),
    "engine.learn": _("trained"),
    "engine.promote": _("promoted the engine"),
    "engine.revert": _("took back the engine"),
    "engine.pause": _("paused judging history anew for"),
    "engine.resume": _("resumed judging history anew for"),
}

ACTORS = {
    "worker": _("The worker"),
    "clock": _("The clock"),
    "command": _("The command line"),
    "author": _("The author"),
}


def action_words(action: str) -> str:
    """The verb of a sentence "somebody … something"."""
    return str(ACTIONS.get(action, action))


def actor_words(kind: str, label: str) -> str:
    """Who did it: a person by name, a part of the desk by what it is."""
    return str(ACTORS[kind]) if kind in ACTORS else label
