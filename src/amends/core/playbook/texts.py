"""Titles and sentences of the playbooks that we ship, marked for translation; a test compares them."""

from __future__ import annotations

from amends.core.playbook.texts_ecommerce import ECOMMERCE_TEXTS
from amends.core.text import gettext_noop

GENERAL_TEXTS = (
    gettext_noop("The author may be a child"),
    gettext_noop(
        "Use simple words, ask for no contact details, and show the way through a parent or "
        "guardian."
    ),
    gettext_noop("The author took the words away"),
    gettext_noop(
        "Keep every version and never quote the deleted words back; where a real problem "
        "remains, go on in private."
    ),
    gettext_noop("The author changed the words"),
    gettext_noop(
        "Keep every version, read the new words, and confirm the triage again before you answer."
    ),
    gettext_noop("Life in danger"),
    gettext_noop(
        "Follow the emergency protocol now and do not argue; answer only if words help the "
        "person, and keep the case sealed."
    ),
    gettext_noop("Hate, threat, private data, sexual or illegal content"),
    gettext_noop(
        "Capture it, take it off our page at once, say which rule it broke, and report it; a "
        "second person looks again within a day."
    ),
    gettext_noop(
        "Hate, threat, private data, sexual or illegal content, on a page that is not ours"
    ),
    gettext_noop(
        "We cannot remove it there. Capture it, report it to the platform, and keep the "
        "legal way open."
    ),
    gettext_noop("Somebody pretends to be us"),
    gettext_noop(
        "Capture it and report it, then warn everybody in public which account is really ours."
    ),
    gettext_noop("Spam, scam or malware"),
    gettext_noop("Do not answer. Capture it first, then remove it and report it to the platform."),
    gettext_noop("A journalist, an authority, or a threat to sue"),
    gettext_noop(
        "Say that it has arrived and who answers by when, name a contact, and do not debate "
        "it in public."
    ),
    gettext_noop("Part of a crisis, with an approved line"),
    gettext_noop(
        "Use the line that is approved now, with one sentence of your own for this person; "
        "add no facts of your own."
    ),
    gettext_noop("Part of a crisis, and no line is approved yet"),
    gettext_noop(
        "Write nothing of your own; ask the crisis lead for a line, for many people wait for it."
    ),
    gettext_noop("Somebody who works or worked for us"),
    gettext_noop(
        "Confirm neither that the person works here nor anything told; show understanding, "
        "name the way to HR or the whistle-blower channel."
    ),
    gettext_noop("Vague, ask first"),
    gettext_noop(
        "Acknowledge, then ask one or two precise questions; give no definitive answer yet."
    ),
    gettext_noop("The fight goes on after our note"),
    gettext_noop(
        "Take no side and say nothing more; close the thread to new comments if the channel "
        "can, and go by the rule on staying on topic."
    ),
    gettext_noop("People fight among themselves"),
    gettext_noop("One neutral note that asks everybody back to the subject; take no side."),
    gettext_noop("A troll, as the test and a second person say"),
    gettext_noop(
        "Answer no more. Note why, let a second person agree, and look again within a day."
    ),
    gettext_noop("A troll by the test, not answered yet"),
    gettext_noop(
        "Say once and politely that you see it differently, or stay silent; there is no "
        "second answer."
    ),
    gettext_noop("A suspected troll, three times no"),
    gettext_noop(
        "Ask once what they themselves went through with us; a usable answer makes it a "
        "complaint like any other."
    ),
    gettext_noop("A suspected troll, the test is not done yet"),
    gettext_noop(
        "Answer the three questions of the test first; one yes and it is a complaint. Until "
        "then presume good faith."
    ),
    gettext_noop("Breaks the rules for the fourth time"),
    gettext_noop(
        "Capture and remove it, give the reasons, and ban for good if the lead and counsel "
        "agree; say how to appeal."
    ),
    gettext_noop("Breaks the rules for the third time"),
    gettext_noop(
        "Capture and remove it, give the reasons, and ban for thirty days; say when the ban "
        "ends and how to appeal."
    ),
    gettext_noop("Breaks the rules again after a removal"),
    gettext_noop(
        "Capture and remove it, give the reasons, and ban for seven days; say when the ban "
        "ends and how to appeal."
    ),
    gettext_noop("Breaks the rules after a warning"),
    gettext_noop(
        "Capture it first, then hide or remove it, and say which rule it broke and how to appeal."
    ),
    gettext_noop("Breaks the rules for the first time"),
    gettext_noop(
        "Leave it standing, name the rule politely, and note the warning; only a second time "
        "has consequences."
    ),
    gettext_noop("Not said to us, but we can help"),
    gettext_noop(
        "Say who you are, ask whether you may help, and offer a private way; never that you "
        "were watching."
    ),
    gettext_noop("Not said to us, and nothing for us to add"),
    gettext_noop("Do not step into their conversation; keep an eye on it."),
    gettext_noop("Our mistake"),
    gettext_noop(
        "Acknowledge, say that you are sorry, own the mistake, then name the repair and when "
        "it comes."
    ),
    gettext_noop("Our mistake, and feelings run high"),
    gettext_noop(
        "Own it and explain the cause in a sentence before you repair; offer a private way "
        "now, and no money in public."
    ),
    gettext_noop("Partly our mistake"),
    gettext_noop(
        "Own our part, however small, and say that you are sorry; state the rest neutrally, "
        "then repair."
    ),
    gettext_noop("Our fault is not known yet"),
    gettext_noop(
        "Say that you regret it and that you are checking, and when you will write again; "
        "admit nothing yet."
    ),
    gettext_noop("We failed this person before"),
    gettext_noop(
        "Own this and that it is not the first time; a senior person takes over by name, "
        "repairs it first, and makes it good in private."
    ),
    gettext_noop("We failed this person before, and this time our fault is not known yet"),
    gettext_noop(
        "Say that you know that it went wrong before and regret it; a senior person checks "
        "by name and says when the answer comes."
    ),
    gettext_noop("We failed this person three times or more"),
    gettext_noop(
        "No more words until the repair is done; then write what was delivered, own all of "
        "it, and stay with the person in private."
    ),
    gettext_noop("Not our mistake, but we can help"),
    gettext_noop("Show that you understand, explain what happened, and help anyway."),
    gettext_noop("Not our mistake, and whether we can help is not known yet"),
    gettext_noop(
        "Show that you understand, say that you are asking what can be done, and when you "
        "will write again."
    ),
    gettext_noop("Not our mistake, and we cannot help"),
    gettext_noop(
        "Explain in detail and without taking sides why we can do nothing, and name the way "
        "that does lead on."
    ),
    gettext_noop("A misunderstanding, and our words were unclear"),
    gettext_noop(
        "Thank for telling us, own that our wording was unclear, put the fact right, and say "
        "when the text will be mended."
    ),
    gettext_noop("A misunderstanding"),
    gettext_noop(
        "Put the fact right with its source and offer help; do not blame the author for the "
        "mistake."
    ),
    gettext_noop("General criticism"),
    gettext_noop(
        "Thank for the criticism, say what you take from it, and ask the one thing that "
        "would help to do better."
    ),
    gettext_noop("Wants to harm rather than to be helped"),
    gettext_noop("One factual answer for everybody who reads along, and then no more."),
    gettext_noop("Time to talk in private"),
    gettext_noop(
        "Offer a private way and say in public that you do and why; ask for nothing personal "
        "here, and tell the outcome here too."
    ),
    gettext_noop("Harm to people, or something as grave"),
    gettext_noop(
        "Within minutes say what to do now to be safe, that you care, and who is on it; call "
        "the person, and give no cause yet."
    ),
    gettext_noop("A complaint on a portal"),
    gettext_noop(
        "Give the formal answer within the term of the portal, with the same facts as "
        'everywhere else; ask for "resolved" only when it is.'
    ),
    gettext_noop("A competitor fishes for an answer"),
    gettext_noop(
        "Do not answer a competitor; keep an eye on the thread and answer customers who ask in it."
    ),
    gettext_noop("Praise"),
    gettext_noop("Thank the author briefly and by name, without advertising anything."),
    gettext_noop("A real complaint in foul words"),
    gettext_noop(
        "Answer the complaint first and keep the post; then ask politely for another tone, "
        "and note the warning."
    ),
    gettext_noop("Came back after we had closed it"),
    gettext_noop(
        "Say that it was right to come back, own that it was not settled, and let a senior "
        "person repair it by name."
    ),
    gettext_noop("Came back after we had closed it, and our fault is not known yet"),
    gettext_noop(
        "Say that it was right to come back and that you regret that it was not settled; a "
        "senior person checks and says when."
    ),
    gettext_noop("Says that data leaked from us"),
    gettext_noop(
        "Say that it is being examined and when you write again, offer a safe channel, and "
        "give no detail; the legal deadlines run from now."
    ),
    gettext_noop("A question"),
    gettext_noop("Answer what was asked, with the source, and say how to go on from there."),
    gettext_noop("Suspected of trolling, but the test says no"),
    gettext_noop(
        "One yes is enough, so this is a critic; choose the category of the complaint, and "
        "answer it like any other."
    ),
    gettext_noop("An opinion about us, not said to us"),
    gettext_noop(
        "People may have an opinion without an answer from us; note that silence is meant, "
        "and look again within a day."
    ),
    gettext_noop("No rule fits"),
    gettext_noop(
        "Acknowledge, ask what you need to know, and decide yourself; no rule covers this comment."
    ),
    gettext_noop("The agent alone"),
    gettext_noop("Write, check and send it yourself; this is within your authority."),
    gettext_noop("A second pair of eyes"),
    gettext_noop("A second agent reads it before it goes out."),
    gettext_noop("The duty lead"),
    gettext_noop("The lead on duty agrees, or the deputy when the lead does not answer in time."),
    gettext_noop("The lead, together with counsel, HR or safety"),
    gettext_noop(
        "The lead agrees, and so does whoever answers for the law, the staff or safety; "
        "until then only a holding reply may go out."
    ),
    gettext_noop("The crisis lead"),
    gettext_noop(
        "The crisis lead or an executive agrees, or their deputy when they do not answer in time."
    ),
    gettext_noop("acknowledge"),
    gettext_noop("Say what you understood the matter to be."),
    gettext_noop("empathise"),
    gettext_noop("Name what this is like for the author, without taking blame."),
    gettext_noop("thank"),
    gettext_noop("Thank for telling us."),
    gettext_noop("regret"),
    gettext_noop("Say sorry."),
    gettext_noop("own it"),
    gettext_noop("Say that it was our mistake."),
    gettext_noop("explain"),
    gettext_noop("Give the cause in a sentence, no excuse."),
    gettext_noop("prevent"),
    gettext_noop("Say what keeps it from happening again."),
    gettext_noop("repair"),
    gettext_noop("Say what is done about it, with proof."),
    gettext_noop("ask"),
    gettext_noop("Ask one precise question."),
    gettext_noop("correct"),
    gettext_noop("State the fact with its source."),
    gettext_noop("help"),
    gettext_noop("Offer what helps although it was not our fault."),
    gettext_noop("give a time"),
    gettext_noop("Say by when, and who."),
    gettext_noop("move to private"),
    gettext_noop("Hand over to a private channel."),
    gettext_noop("say we are checking"),
    gettext_noop("Say that it is being checked and when we report."),
    gettext_noop("agree to disagree"),
    gettext_noop("Say once that we see it differently."),
    gettext_noop("moderator's note"),
    gettext_noop("A neutral note about the tone."),
    gettext_noop("statement of reasons"),
    gettext_noop("Say which clause and why."),
    gettext_noop("formal track"),
    gettext_noop("Point to the formal way."),
    gettext_noop("close publicly"),
    gettext_noop("Say in public how it ended."),
)

SHIPPED_TEXTS = (*GENERAL_TEXTS, *ECOMMERCE_TEXTS)
