"""Each check reports its fault, at its level, on its words; one or more languages each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.lint.desk import checks, lint, words_of

ROW = {"text": "refund", "owner": "Priya", "due": "2026-03-12T18:00"}

FAULTS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("Q01", "block", "en", "Your message has been received.", {}),
    ("Q01", "block", "tr", "Talebiniz kayıt altına alınmıştır, iyi günler dileriz.", {}),
    ("Q02", "block", "en", "The parcel is late because the courier lost it.", {}),
    ("Q02", "block", "ru", "С посылкой так сложились обстоятельства.", {}),
    ("Q02", "block", "nl", "Het pakket is door drukte bij de bezorger vertraagd.", {}),
    ("Q03", "block", "en", "Sorry if the parcel upset you.", {}),
    ("Q03", "block", "tr", "Kargo sizi üzdüyse özür dileriz.", {}),
    ("Q03", "block", "id", "Mohon maaf jika paketnya mengecewakan.", {}),
    ("Q03", "block", "ru", "Жаль, что вы так это восприняли.", {}),
    ("Q03", "block", "nl", "Jammer dat u dat zo ervaart.", {}),
    ("Q04", "block", "en", "We will find your parcel as soon as we can.", {"required": ["TIME"]}),
    ("Q04", "block", "id", "Paketnya segera kami proses.", {"required": ["FIX", "TIME"]}),
    ("Q05", "block", "en", "We will refund the parcel tomorrow.", {"promises": []}),
    ("Q05", "warn", "nl", "Je melding is doorgezet naar de betreffende afdeling.", {"promises": [ROW]}),
    ("Q06", "block", "en", "Reply here with your phone number.", {}),
    ("Q06", "block", "ru", "Напишите здесь ваш телефон и адрес.", {}),
    ("Q06", "warn", "nl", "Stuur ons een DM over je pakket.", {}),
    ("Q07", "warn", "en", "All our other customers are happy with the courier.", {}),
    ("Q07", "warn", "tr", "Özür dileriz ama kargo böyle.", {}),
    ("Q08", "block", "en", "You should have read the delivery terms.", {}),
    ("Q08", "block", "tr", "Teslimat koşullarını okusaydınız bilirdiniz.", {}),
    ("Q09", "block", "en", "What a tragedy, a late parcel.", {}),
    ("Q09", "block", "tr", "Kargonuz geliyor :)", {}),
    ("Q09", "block", "ru", "Посылка едет)))", {}),
    ("Q10", "block", "en", "Stop lying about your parcel.", {}),
    ("Q10", "block", "nl", "Je pakket komt heus wel!!", {}),
    ("Q10", "block", "en", "YOUR PARCEL WAS DELIVERED ON TUESDAY.", {}),
    ("Q11", "block", "en", "We accept no liability for parcels.", {}),
    ("Q11", "warn", "en", "We accept no liability for parcels.", {"fault_share": 0}),
    ("Q12", "warn", "en", "Your feedback is very important to us.", {}),
    ("Q13", "hint", "en", "Dear valued customer, the parcel is late.", {}),
    ("Q14", "block", "en", "Het pakket is te laat en dat is onze fout, sorry daarvoor.", {}),
    ("Q15", "block", "tr", "Kargonuz yolda, sana yazacağız.", {}),
    ("Q15", "block", "nl", "Uw pakket komt vandaag bij je aan.", {}),
    ("Q15", "warn", "ru", "Твоя посылка едет, напишу тебе.", {"address": "vy"}),
    ("Q16", "block", "en", "We rang ann.smith@gmail.com about the parcel.", {}),
    ("Q16", "block", "nl", "Je bestelnummer 48213377 is onderweg.", {}),
    ("Q17", "block", "en", "That is not true, and we have explained it.", {"troll_confirmed": True}),
    ("Q17", "warn", "en", "As we already said, the parcel is late.", {"turns_public": 2}),
    ("Q18", "block", "en", "It works for everyone.", {"category": "vague"}),
    ("Q19", "warn", "en", "Here is a $20 voucher for the parcel.", {}),
    ("Q19", "block", "id", "Kami kasih voucher Rp50.000 untuk paketnya.", {"virality": "high"}),
    ("Q20", "block", "en", "The courier probably lost the parcel.", {}),
    ("Q20", "block", "en", "Only 3 customers lost a parcel.", {"facts": ["2 parcels are late"]}),
    ("Q21", "warn", "en", "Sorry, parcel coming.", {}),
    ("Q22", "warn", "en", "Your parcel is with L2, see ticket 48213.", {}),
    ("Q23", "block", "en", "Delete your review and we will send the parcel.", {}),
    ("Q23", "block", "ru", "Удалите отзыв, и мы вернём деньги за посылку.", {}),
    ("Q24", "block", "en", "The problem with your parcel has been resolved.", {}),
    ("Q25", "block", "en", "Your parcel is coming 🎉", {"severity": "high"}),
    ("Q26", "block", "en", "We removed your comment.", {"required": ["SOR"]}),
    ("Q27", "warn", "en", "We have refunded the parcel. Our mistake, sorry.", {}),
    ("Q28", "hint", "en", "Your parcel is late. These things happen at Christmas.", {}),
    ("Q29", "warn", "en", "The parcel page shows it.", {"channel_owner": "third_party"}),
    ("Q30", "block", "en", "People like you never read parcel labels.", {}),
    ("Q30", "block", "nl", "Leer eerst eens Nederlands schrijven.", {}),
]  # fmt: skip


@pytest.mark.parametrize(("check", "level", "lang", "reply", "context"), FAULTS)
def test_a_fault_is_reported_at_its_level(
    check: str, level: str, lang: str, reply: str, context: dict[str, Any]
) -> None:
    result = lint(reply, lang=lang, **context)
    assert check in checks(result, level), [one.reason for one in result.findings]


@pytest.mark.parametrize(
    ("check", "reply", "words"),
    [
        ("Q03", "Thanks. We're sorry if you feel let down by the parcel.", "sorry if you feel"),
        ("Q08", "Well 😀, you should have read the delivery terms.", "you should have read"),
        (
            "Q23",
            "If you delete your review we will help with the parcel.",
            "If you delete your review",
        ),
    ],
)
def test_a_finding_points_at_its_words(check: str, reply: str, words: str) -> None:
    assert words in " ".join(words_of(lint(reply), check, reply))


def test_a_branch_whose_key_is_absent_is_skipped() -> None:
    from amends_engine.lint.lint import lint_reply

    reply = "We will refund you soon. Here is a voucher. The parcel has been sent."
    found = {one.check for one in lint_reply(reply, comment="Where is my parcel?").findings}
    assert not found & {"Q02", "Q04", "Q05", "Q19", "Q24", "Q25"}


def test_unknown_fault_asks_for_no_admission() -> None:
    reply = "I'm sorry about the wait for your parcel. We're checking and you'll hear by 15:00."
    assert "Q02" not in checks(lint(reply, fault_share=None))


def test_a_near_copy_blocks_and_a_cousin_warns() -> None:
    one = "Hi Tom, sorry about the parcel of 12 March, that was our mistake. Priya writes at 18:00."
    again = one.replace("Tom", "Eva").replace("12", "19").replace("Priya", "Owen")
    assert "Q12" in checks(lint(again, recent_replies=[one]), "block")
    assert "Q12" not in checks(lint(one, recent_replies=["Your boots are on their way."]))


def test_a_status_that_the_facts_confirm_is_true() -> None:
    reply = "The parcel was late, our mistake, sorry. We have refunded the 20 euros."
    assert "Q24" in checks(lint(reply))
    assert "Q24" not in checks(lint(reply, facts=["20 euros refunded today"]))
    assert "Q24" not in checks(lint(reply, case_state="resolved"))


def test_returning_the_own_money_is_no_gift() -> None:
    assert "Q19" not in checks(lint("The 20 euros for the parcel go back to your card today."))


def test_counsel_may_let_a_legal_phrase_stand() -> None:
    assert "Q11" not in checks(lint("We accept no liability here.", counsel_approved=True))


def test_a_fallback_language_of_the_profile_is_no_fault() -> None:
    reply = "Het pakket is te laat en dat is onze fout, sorry daarvoor."
    assert "Q14" not in checks(lint(reply, fallback_langs=["nl"]))


def test_a_complete_statement_of_reasons_is_clean() -> None:
    reply = (
        "On 4 March we removed your post because it names a courier's home address (rule 3). A "
        "moderator decided it. You can still comment. You can appeal through our form within 6 months."
    )
    result = lint(reply, required=["SOR"], category="abuse", fault_share=0)
    assert result.verdict == "clean"


def test_score_and_verdict_follow_the_levels() -> None:
    from amends_engine.lint.verdict import reach_verdict

    assert reach_verdict([]) == ("clean", 100)
    assert reach_verdict(["hint", "hint"]) == ("clean", 96)
    assert reach_verdict(["warn", "hint"]) == ("warn", 90)
    assert reach_verdict(["block"] * 5) == ("block", 0)
