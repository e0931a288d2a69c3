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
    "case.lane": _("changed who may see"),
    "case.refuse_erasure": _("refused to erase, under a legal hold, what is in"),
    "content.refuse_redaction": _("refused to erase, under a legal hold,"),
    "legal_hold.place": _("placed a legal hold on"),
    "legal_hold.lift": _("lifted the legal hold on"),
    "silence.propose": _("proposed to leave without an answer"),
    "silence.rule": _("ruled on leaving without an answer"),
    "silence.ask_look": _("asked to look again at the silence about"),
    "silence.look": _("looked again at the silence about"),
    "thread.advocate": _("counted who defends us in the conversation of"),
    "thread.fight": _("noted a fight in the conversation of"),
    "triage.add_root_cause": _("added the root cause"),
    "troll.test": _("took the troll test for"),
    "troll.answer": _("noted the answer to the troll test for"),
    "troll.rule": _("ruled on the troll label for"),
    "case.clock": _("warned about the clock of"),
    "case.override_decision": _("departed from the recommendation for"),
    "promise.make": _("made a promise about"),
    "promise.keep": _("kept a promise about"),
    "promise.break": _("broke a promise about"),
    "promise.remind": _("reminded of a promise about"),
    "promise.late": _("found late a promise about"),
    "brand.profile": _("changed how the brand speaks:"),
    "reply.ask": _("asked for approval of the reply to"),
    "reply.bystander": _("read as a stranger would the reply to"),
    "reply.override": _("overrode the linter for the reply to"),
    "reply.agree": _("agreed to the reply to"),
    "approval.time_out": _("found that an approval waits too long, of the reply to"),
    "authority.grant": _("granted authority to"),
    "authority.end": _("ended the authority of"),
    "authority.use": _("used a delegated authority for"),
    "deputy.appoint": _("appointed a deputy:"),
    "deputy.end": _("ended the standing in of"),
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
    "playbook.publish": _("published"),
    "playbook.try": _("asked what would have been different under a draft of"),
    "playbook.stop_trying": _("cancelled the what-if of"),
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
}


def action_words(action: str) -> str:
    """The verb of a sentence "somebody … something"."""
    return str(ACTIONS.get(action, action))


def actor_words(kind: str, label: str) -> str:
    """Who did it: a person by name, a part of the desk by what it is."""
    return str(ACTORS[kind]) if kind in ACTORS else label
