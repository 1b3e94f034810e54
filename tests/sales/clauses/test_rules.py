"""Clauses and their wording, sentences, merge fields: pure."""

import random
import re
import time
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import i18n
from chalicelib.sales.clauses import merging
from chalicelib.sales.clauses.finder import find, fold, wordings
from chalicelib.sales.clauses.kinds import USUAL, Kind
from chalicelib.sales.clauses.review import LONGEST_QUOTE, review
from chalicelib.sales.clauses.sentences import LONGEST, sentences

KINDS = get_args(Kind)

#: Each kind as English and Chinese contracts word it.
WORDED = {
    "GOVERNING_LAW": (
        "This Agreement shall be governed by and construed in accordance with the laws of New York.",
        "本合同的订立、效力、解释均适用中华人民共和国法律。",
    ),
    "ANTI_ASSIGNMENT": (
        "Neither party may assign this Agreement without the prior written consent of the other party.",
        "未经对方书面同意，任何一方不得转让本合同项下的权利和义务。",
    ),
    "CHANGE_OF_CONTROL": (
        "Customer may terminate this Agreement upon a Change of Control of Supplier.",
        "任何一方控制权发生变更的，另一方有权要求重新协商。",
    ),
    "RENEWAL": (
        "This Agreement shall automatically renew for successive one-year terms unless either party objects.",
        "合同期满前双方均未提出异议的，本合同自动续期一年。",
    ),
    "TERMINATION_FOR_CONVENIENCE": (
        "Either party may terminate this Agreement at any time upon thirty (30) days' written notice.",
        "任何一方均可提前三十日书面通知对方解除本合同。",
    ),
    "LICENSE_GRANT": (
        "Licensor hereby grants to Licensee a non-exclusive license to use the Software.",
        "甲方授予乙方在合同期内使用该软件的权利。",
    ),
    "EXCLUSIVITY": (
        "Supplier appoints Distributor as its exclusive distributor of the Products in the Territory.",
        "甲方指定乙方为该区域的独家经销商。",
    ),
    "NON_COMPETE": (
        "During the term Distributor shall not sell or promote any products that compete with the Products.",
        "合同期内乙方不得经营与甲方产品相竞争的同类产品。",
    ),
    "MOST_FAVOURED_CUSTOMER": (
        "The prices shall be no less favorable than those offered to any other customer.",
        "乙方给予甲方的价格不高于其他客户，甲方享有最惠待遇。",
    ),
    "MINIMUM_COMMITMENT": (
        "Buyer shall meet the minimum purchase of 1,000 units in each contract year.",
        "乙方每年的最低采购数量为一千台。",
    ),
    "LIABILITY_CAP": (
        "In no event shall Supplier's aggregate liability exceed the fees paid under this Agreement.",
        "任何一方的赔偿责任总额不超过合同总价款。",
    ),
    "UNCAPPED_LIABILITY": (
        "Except for breach of confidentiality, neither party shall be liable for any indirect damages.",
        "因故意造成的损失，赔偿责任不受前款限制。",
    ),
    "LIQUIDATED_DAMAGES": (
        "Supplier shall pay liquidated damages of 0.5 % of the price for each week of delay.",
        "逾期交货的，每日按合同总价的万分之五支付违约金。",
    ),
    "WARRANTY_DURATION": (
        "Seller warrants the goods free from defects for a period of twelve months from delivery.",
        "货物质保期为验收合格之日起十二个月。",
    ),
    "INSURANCE": (
        "Contractor shall maintain general liability insurance of at least $1,000,000.",
        "运输期间的保险由卖方负责投保。",
    ),
    "AUDIT_RIGHTS": (
        "Licensor may audit Licensee's books and records once a year.",
        "甲方有权查阅乙方与本合同有关的账目和记录。",
    ),
}
#: What speaks of a clause and is none.
NOT_SO = (
    ("GOVERNING_LAW", "Each party shall comply with all applicable laws."),
    ("LICENSE_GRANT", "Nothing in this Agreement shall be construed as granting any license."),
    ("EXCLUSIVITY", "Supplier grants a non-exclusive right to distribute the Products."),
    ("EXCLUSIVITY", "The courts of Hamburg shall have exclusive jurisdiction."),
    ("EXCLUSIVITY", "甲方授予乙方非独家的经销权。"),
    ("RENEWAL", "The time for performance shall be extended by the period of the delay."),
    ("TERMINATION_FOR_CONVENIENCE", "Either party may terminate this Agreement if the other is in breach."),
    ("TERMINATION_FOR_CONVENIENCE", "乙方违约的，甲方有权书面通知乙方解除合同。"),
    ("NON_COMPETE", "Distributor shall not register any mark confusingly similar to a competitive mark."),
    ("LIQUIDATED_DAMAGES", "This Agreement may be ended without any early termination penalty."),
    ("INSURANCE", "甲方为员工缴纳社会保险，由甲方办理保险。"),
    ("NON_COMPETE", "双方不得从事不正当竞争。"),
)


def _kinds(text: str) -> set[str]:
    return {place.kind for place in find(text)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_clause_is_known_by_its_usual_words_in_both_languages(kind: str) -> None:
    english, chinese = WORDED[kind]

    assert kind in _kinds(english)
    assert kind in _kinds(chinese)


@pytest.mark.parametrize(("kind", "text"), NOT_SO)
def test_what_only_speaks_of_a_clause_is_none(kind: str, text: str) -> None:
    assert kind not in _kinds(text)


def test_a_quote_is_the_very_text_at_its_place() -> None:
    text = "Preamble.\n\n  " + "\n\n".join(english for english, _ in WORDED.values()) + "\n"

    places = list(find(text))

    assert {place.kind for place in places} >= set(KINDS)
    assert all(text[place.start : place.end] == place.quote for place in places)


def test_line_ends_of_a_pdf_do_not_hide_a_clause() -> None:
    text = "This Agreement is governed by\n\n\n   and construed in accor- dance with the\nlaws of Ohio."

    [place] = find(text)

    assert (place.kind, place.quote) == ("GOVERNING_LAW", text)


def test_every_kind_has_words_in_both_languages_a_label_and_a_note() -> None:
    assert set(wordings()) == set(KINDS) == set(WORDED) >= set(USUAL)
    assert all(len(languages) == 2 for languages in wordings().values())
    for kind in KINDS:
        assert i18n.has(f"clause.kind.{kind}")
        assert i18n.has(f"clause.note.{kind}")


def test_a_review_names_what_is_missing_and_what_is_risky_first() -> None:
    stances: dict[str, dict[str, Any]] = {
        "GOVERNING_LAW": {"stance": "REQUIRED", "note": "Ours"},
        "INSURANCE": {"stance": "REQUIRED", "note": None},
        "EXCLUSIVITY": {"stance": "RISKY", "note": "Ask sales"},
        "NON_COMPETE": {"stance": "RISKY", "note": None},
    }
    text = WORDED["EXCLUSIVITY"][0] + "\n\n" + WORDED["GOVERNING_LAW"][0] + " " + "x" * LONGEST_QUOTE

    findings = review(text, stances)

    verdicts = {finding.kind: finding.verdict for finding in findings}
    assert [finding.kind for finding in findings[:2]] == ["INSURANCE", "EXCLUSIVITY"]
    assert (verdicts["INSURANCE"], verdicts["EXCLUSIVITY"]) == ("MISSING", "RISKY")
    assert (verdicts["GOVERNING_LAW"], verdicts["NON_COMPETE"]) == ("PRESENT", "ABSENT")
    assert verdicts["AUDIT_RIGHTS"] == "ABSENT"
    assert set(verdicts) == set(KINDS)
    assert findings[1].document()["places"][0]["quote"] == WORDED["EXCLUSIVITY"][0]


@given(st.text(alphabet='aB1 .;:!?\n\t。；(），"第', max_size=400))
def test_sentences_leave_nothing_out_and_do_not_overlap(text: str) -> None:
    spans = list(sentences(text))

    assert all(start < end and end - start <= LONGEST for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    inside = "".join(text[start:end] for start, end in spans)
    assert "".join(inside.split()) == "".join(text.split())


def test_a_sentence_without_end_is_cut() -> None:
    spans = list(sentences("word " * 2000))

    assert max(end - start for start, end in spans) <= LONGEST
    assert spans[-1][1] == 10_000


#: Texts of 50 KB made to keep a pattern busy.
HOSTILE = [
    (word * (50_000 // len(word)))[:50_000]
    for word in (
        " ", "a", ". A", "a)", "*", "不得", "责任不", "- ", "shall not ", "not not ", "liab", "liability aa ",
        "terminate at any time notice days ", "exclusive right ", "either party by days notice ",
        "grant license ", "merger deemed ", "price favorable any other customer offer shall ",
    )
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_no_pattern_is_slow_on_a_hostile_text(text: str) -> None:
    folded = fold(text) or text
    for kind, languages in wordings().items():
        for wording in languages:
            for cue in wording.cues:
                for pattern in (*cue.every, *cue.none):
                    assert _seconds(pattern, folded) < 0.05, (kind, pattern.pattern)


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    """The best of eight tries, as long as one took too long: a core has its slow moments."""
    taken = []
    for _ in range(8):
        began = time.process_time()
        pattern.search(text)
        taken.append(time.process_time() - began)
        if taken[-1] < 0.05:
            break
    return min(taken)


def test_a_long_hostile_text_is_read_in_time() -> None:
    draw = random.Random(7)
    words = [
        "shall not",
        "may terminate",
        "without cause",
        "liability",
        "except for",
        ";",
        ".",
        "\n\n",
        "(a)",
    ]
    text = " ".join(draw.choices(words, k=40_000))

    began = time.process_time()
    assert _kinds(text)
    assert time.process_time() - began < 5


@given(st.dictionaries(st.sampled_from(["name", "price_2", "x"]), st.text(max_size=20)))
def test_merge_fields_are_filled_once_and_what_has_no_value_stays(values: dict[str, str]) -> None:
    text = "{{name}} pays {{ price_2 }} to {{x}}; {{Not}} {one}"

    filled = merging.fill(text, values)

    assert merging.fields(text) == {"name", "price_2", "x"}
    first, second, third = (
        values.get(name) or raw
        for name, raw in (("name", "{{name}}"), ("price_2", "{{ price_2 }}"), ("x", "{{x}}"))
    )
    assert filled == f"{first} pays {second} to {third}; {{{{Not}}}} {{one}}"


def test_clauses_are_laid_out_in_their_order() -> None:
    assert merging.lay_out([("Price", "A"), ("Law", "B")]) == "1. Price\n\nA\n\n2. Law\n\nB"
