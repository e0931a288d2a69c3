"""The instructions of the source articles as cases: what somebody writes, and what must follow.

The comments are ours. Each case names its instruction; `test_source_instructions.py` asks the
playbooks. A code with a leading "-" must not be there.
"""

from __future__ import annotations

from dataclasses import dataclass

ERROR = {"category": "business_error", "is_complaint": True}
OURS = {**ERROR, "fault_share": 80}
NOT_OURS = {**ERROR, "fault_share": 0}
NOES = {"troll_on_topic": False, "troll_concern": False, "troll_constructive": False}
TROLL = {"category": "troll", **NOES, "troll_experience": "unusable"}
INSULT = {"policy_ground": "profanity_targeted", "is_complaint": False}
HATE = {"policy_ground": "hate", "channel_owner": "own_page"}
LATE = {**ERROR, "topic": "delivery_late"}
FIGHT = {"thread_authors": 3, "thread_turns": 7, "topic_drift": True}


@dataclass(frozen=True)
class Instruction:
    """One instruction: the comment, what is known of it, and the demands on the decision.

    `demands` are codes of reply parts, bans and tasks, `rule` the one that must be followed,
    `order` parts in the order in which they must be said, `within` minutes to the first reply.
    """

    sid: str
    comment: str
    facts: dict[str, object]
    rule: str = ""
    demands: str = ""
    order: str = ""
    priority: str = ""
    approval: str = ""
    within: int = 0
    shop: bool = False  # asked of the e-commerce playbook


def one(sid: str, comment: str, facts: dict[str, object], **demands: object) -> Instruction:
    return Instruction(sid, comment, facts, **demands)  # type: ignore[arg-type]


INSTRUCTIONS = (
    one("S0.3", "edit: aslında dün geldi ama kutu boş", {**OURS, "thread_state": "edited"},
        demands="triage_again definitive_answer"),
    one("S0.4", "neden her seferinde yanlış beden geliyor", ERROR, demands="HOLD department"),
    one("S0.6", "PTT dağıtmamış, siz ne yapabilirsiniz ki", {**NOT_OURS, "can_help": True},
        demands="HELP -RESP"),
    one("S0.11", "ürün berbat, bir yıldız", {**OURS, "channel_type": "marketplace"},
        demands="-remove bargain", shop=True),
    one("S0.13", "yorumumu neden kaldırdınız?", {**ERROR, "topic": "review_removed"},
        demands="HOLD capture_evidence evade", shop=True),
    one("S0.15", "(bir etnik gruba hakaret)", HATE, demands="capture_evidence remove SOR"),
    one("S0.17", "avukatım yarın sizi arayacak", {**OURS, "legal_threat": True}, rule="G4",
        approval="A3", demands="FORM"),
    one("S0.18", "alo kimse yok mu", {**ERROR, "severity": "low"}, within=60),
    one("S0.19", "iade 3 haftadır bekliyor", ERROR, demands="department"),
    one("S0.21", "mesajıma hâlâ dönen yok", ERROR, demands="ACK REG TIME"),
    one("S0.28", "yanlış ürün yollamışsınız", OURS, demands="REG"),
    one("S0.29", "kırık geldi, ne yapacağım", OURS, demands="FIX"),
    one("S0.31", "biraz da sizin suçunuz", {**ERROR, "fault_share": 1}, demands="REG RESP"),
    one("S0.32", "param nerede", {**OURS, "topic": "refund_late"}, demands="RESP promise",
        shop=True),
    one("S0.35", "fotoğraftaki renk bu değil", {**OURS, "topic": "not_as_described"},
        demands="lesson fix_text", shop=True),
    one("S0.36", "kapattınız ama sorun duruyor", {**OURS, "thread_state": "reopened"}, rule="D19",
        demands="root_cause"),
    one("S1.1", "bu rezilliği herkes görsün", {**ERROR, "shares_per_hour": 80}, priority="P2"),
    one("S1.2", "kargom altı gündür depoda", {**LATE, "fault_share": 70}, rule="E1", shop=True),
    one("S1.3", "herkes aynı şeyi yazıyor!!", {**ERROR, "crisis_level": 2}, rule="G5-no-line",
        demands="unverified_facts"),
    one("S1.4", "siz de mi çöktünüz", {**ERROR, "crisis_level": 2, "approved_line": True},
        rule="G5", demands="unverified_facts"),
    one("S1.6", "nasıl oldu bu", ERROR, demands="department HOLD"),
    one("S1.7", "açıklama bekliyoruz", {"crisis_level": 3}, approval="A4"),
    one("S1.8", "cihaz prizdeyken tüttü", {**ERROR, "topic": "product_safety"}, rule="E14",
        demands="raise_signal department", shop=True),
    one("S1.10", "bebek maması kokmuş, çocuk hastanede", {**ERROR, "severity": "critical"},
        priority="P1", within=15, demands="phone_call"),
    one("S1.11", "yine mi sessizsiniz", {**ERROR, "crisis_level": 2}, priority="P1", within=15),
    one("S1.15", "acme sipariş vermeyin, bekletiyor",
        {**ERROR, "channel_owner": "third_party", "tagged": False, "can_help": True}, rule="G12",
        demands="disclose_affiliation ask_leave"),
    one("S1.17", "?", {}, demands="ACK ASK -reply"),
    one("S1.18", "böyle bir markaya da güldük", {"category": "troll", "troll_concern": True},
        rule="D22", demands="ACK -reply"),
    one("S1.20", "iki kere çekmişsiniz", OURS, demands="RESP"),
    one("S1.21", "99 lira yazıyordu", {**OURS, "topic": "price_error"}, rule="E10",
        demands="close_publicly RESP", shop=True),
    one("S1.24", "burada yazışmaktan bıktım", {**OURS, "turns_public": 2}, demands="OFF"),
    one("S1.25", "adresimi nereye yazayım", {**OURS, "needs_personal_data": True},
        demands="OFF contact_request"),
    one("S1.26", "numaramı herkes görmesin", {**OURS, "needs_personal_data": True},
        demands="private_thread"),
    one("S2.1", "kak, masih buka jam segini?", {"category": "question"}, demands="FACT HELP"),
    one("S2.4", "yah begitu lagi", {}, demands="ACK -reply"),
    one("S2.5", "sizing-nya gimana ya", {"category": "question"}, demands="FACT"),
    one("S2.7", "mantap pelayanannya", {"category": "praise"}, demands="THX promotion"),
    one("S2.8", "makasih Kak Dewi!", {"category": "praise"}, demands="THX"),
    one("S2.9", "kurang greget sih tokonya", {"category": "general_negativity"},
        demands="ACK THX -reply"),
    one("S2.11", "barang jelek, bintang satu", {**OURS, "channel_type": "review"},
        demands="-remove REG", shop=True),
    one("S2.12", "ulasan saya dihapus, ini saya tulis lagi", {**ERROR, "topic": "review_removed"},
        demands="raise_signal -remove", shop=True),
    one("S2.14", "kalian semua penipu", {"category": "general_negativity", "goal": "vindictive"},
        demands="debate FACT"),
    one("S2.15", "jangan percaya toko ini",
        {"category": "general_negativity", "goal": "vindictive"}, demands="debate humour"),
    one("S2.16", "viralkan!!", {**ERROR, "arousal": "high", "followers": 50_000}, priority="P2",
        approval="A1"),
    one("S2.17", "PARAH BANGET SUMPAH", {**OURS, "arousal": "high"}, demands="EXP FIX TIME"),
    one("S2.18", "udah dijanjiin, gagal lagi", {**OURS, "prior_failures": 1}, rule="D5",
        demands="named_senior root_cause"),
    one("S2.20", "jawabannya template terus", {"crisis_level": 2, "approved_line": True},
        demands="ACK"),
    one("S2.24", "(dua orang membahas toko di grup)",
        {"channel_owner": "third_party", "tagged": False, "is_complaint": False},
        rule="G12-watch", demands="reply"),
    one("S2.25", "gabisa", {"category": "vague"}, demands="ASK"),
    one("S2.26", "error", {"category": "vague"}, demands="ASK"),
    one("S2.27", "kok gagal terus ya", {"category": "vague"}, demands="definitive_answer"),
    one("S2.28", "toko sampah", {"category": "troll", **NOES}, rule="G10-ask", demands="ASK"),
    one("S2.29", "pokoknya jelek", TROLL, demands="DIS debate"),
    one("S2.30", "ya tetap jelek", {**TROLL, "turns_public": 1}, demands="reply debate"),
    one("S2.31", "(ribut soal klub bola)", FIGHT, rule="G9", demands="MODN"),
    one("S2.32", "(masih ribut)", {**FIGHT, "moderator_noted": True}, rule="G9-again",
        demands="reply"),
    one("S2.33", "slot gacor hari ini klik", {"category": "spam"},
        demands="remove report_to_platform"),
    one("S2.34", "(hinaan rasial)", HATE, demands="remove report_to_platform", approval="A1"),
    one("S2.35", "BANGSAT mana paket gue", {**OURS, "policy_ground": "profanity_targeted"},
        rule="D1", demands="-remove FIX"),
    one("S2.36", "semua admin bohong", {"category": "general_negativity", "goal": "vindictive"},
        demands="FACT"),
    one("S2.38", "kirim barang salah", OURS, order="REG RESP FIX"),
    one("S2.39", "kurirnya hilang kontak", NOT_OURS, demands="department HOLD"),
    one("S2.40", "salah alamat, saya yang isi", {**NOT_OURS, "can_help": True},
        demands="HELP EXP"),
    one("S2.41", "masa garansi sudah lewat ya", {**NOT_OURS, "can_help": False}, demands="EXP"),
    one("S2.42", "saya kira gratis ongkir", {"category": "misunderstanding", "fault_share": 0},
        demands="blame_author FACT"),
    one("S3.2", "а самовывоз есть?", {"category": "question"}, demands="HELP"),
    one("S3.4", "ребёнка ударило током", {**OURS, "severity": "critical"},
        demands="department phone_call raise_signal"),
    one("S3.6", "ужасный магазин, одна звезда", {**OURS, "channel_type": "review"},
        demands="-remove", shop=True),
    one("S3.7", "удалили отзыв, пишу ещё три", {**ERROR, "topic": "review_removed"},
        demands="-remove", shop=True),
    one("S3.8", "(удалено автором)", {**OURS, "thread_state": "deleted_by_author"},
        demands="keep_versions quote_deleted"),
    one("S3.9", "(оскорбление по национальности)", HATE, demands="remove"),
    one("S3.11", "ну и сервис у вас", {"category": "general_negativity"}, rule="D10",
        demands="THX"),
    one("S3.12", "вы вообще читаете отзывы?", {"category": "general_negativity"},
        demands="ACK ASK"),
    one("S3.13", "когда привезёте диван", {**LATE, "fault_share": 60}, demands="TIME promise",
        shop=True),
    one("S3.14", "ответьте кто-нибудь", ERROR, within=60),
    one("S3.15", "так что с моим заказом", ERROR, demands="TIME responsibility"),
    one("S3.16", "вы перепутали посылки", OURS, demands="REG RESP"),
    one("S3.17", "вы меня обманули", ERROR, demands="department responsibility"),
    one("S3.19", "и сколько ещё ждать", ERROR, demands="TIME"),
    one("S3.20", "третий раз подводите", {**OURS, "prior_failures": 2},
        demands="redress_privately"),
    one("S3.21", "опять двадцать пять", {**OURS, "turns_public": 3}, demands="OFF"),
    one("S3.22", "ЭТО КОШМАР", {**OURS, "arousal": "high"}, demands="OFF private_thread"),
    one("S3.24", "я не то имел в виду", {**OURS, "turns_public": 2}, demands="OFF"),
    one("S3.25", "лол", {**TROLL, "turns_public": 1}, rule="G10-silent", demands="reply"),
    one("S3.26", "лол", {"category": "troll"}, demands="troll_test"),
    one("S3.27", "опять цены подняли, клоуны", {"category": "troll", "troll_concern": True},
        rule="D22"),
    one("S3.28", "клоуны, но доставка и правда хромает",
        {"category": "troll", "troll_constructive": True}, rule="D22"),
    one("S3.29", "(мат в адрес оператора)", {**INSULT, "strikes": 1},
        demands="remove statement_of_reasons"),
    one("S3.30", "(снова мат)", {**INSULT, "strikes": 3}, demands="temporary_ban"),
    one("S4.1", "hm", {}, demands="ACK"),
    one("S4.3", "(twee mensen schelden elkaar uit)", FIGHT, demands="MODN"),
    one("S4.8", "godver wat een tent", {**INSULT}, demands="warn -remove"),
    one("S4.9", "wie wint er zondag?", {"policy_ground": "off_topic", "is_complaint": False},
        demands="MODN -remove"),
    one("S4.10", "(weer gescheld)", {**INSULT, "strikes": 1}, demands="SOR"),
    one("S4.11", "(en weer)", {**INSULT, "strikes": 2}, demands="temporary_ban"),
    one("S4.12", "(blijft schelden)", {**INSULT, "strikes": 5}, demands="permanent_ban",
        approval="A3"),
    one("S4.14", "jullie webshop is een doolhof", {"category": "general_negativity"},
        demands="ACK -remove"),
    one("S4.16", "twee keer geld van mijn rekening", OURS, rule="D1"),
    one("S4.17", "ik dacht dat het vandaag kwam",
        {"category": "misunderstanding", "fault_share": 0}, rule="D9"),
    one("S4.18", "vroeger was het beter", {"category": "general_negativity"}, rule="D10"),
    one("S4.19", "ik werkte daar, alles is nep", {"category": "employee"}, rule="G6",
        demands="hand_to_hr confirm_employment"),
    one("S4.20", "jullie liegen", {"category": "general_negativity", "goal": "vindictive"},
        demands="debate"),
    one("S4.21", "mijn baas daar is een eikel", {"category": "employee"}, demands="debate"),
    one("S4.22", "rits al kapot", {**OURS, "topic": "quality"}, order="ACK REG FIX TIME",
        shop=True),
    one("S4.23", "dan koop ik nooit meer iets", {**NOT_OURS, "can_help": False},
        demands="EXP close"),
    one("S4.24", "klacht ingediend op de klachtensite", {**OURS, "channel_type": "portal"},
        demands="portal_answer resolved_note"),
    one("S4.26", "verkeerde maat gestuurd", OURS, demands="RESP"),
    one("S4.27", "pakket is open", OURS, order="ACK FIX"),
    one("S4.29", "al een week niks", OURS, order="ACK REG"),
    one("S4.30", "jullie fout dus", OURS, order="ACK RESP"),
    one("S4.31", "en nu?", OURS, demands="FIX TIME"),
    one("S4.32", "kan dit even privé?", {**OURS, "needs_personal_data": True}, demands="OFF"),
    one("S4.33", "…", {}, demands="ACK"),
)  # fmt: skip
