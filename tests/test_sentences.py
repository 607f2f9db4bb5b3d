"""Everything that a person reads has its sentence, in one voice, and the document says the same."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from rosterdiff import sentences
from rosterdiff.levels import LEVELS_OF, Comparison, FurtherLevel, TogetherLevel
from rosterdiff.model import REASONS_OF, Action, Doubt, GuardCode, Pool, Reason, Severity, Verdict
from rosterdiff.schema import CANONICAL, COMPARED
from rosterdiff.sentences import Wording

DOCUMENT = Path(__file__).parent.parent / "docs" / "reasons.md"
WORDED = {
    Action: sentences.ACTIONS,
    Reason: sentences.REASONS,
    GuardCode: sentences.GUARDS,
    Doubt: sentences.DOUBTS,
    Severity: sentences.SEVERITIES,
    Verdict: sentences.VERDICTS,
}
WORDINGS = [
    pytest.param(wording, id=f"{kind.__name__}-{member}")
    for kind, wordings in WORDED.items()
    for member, wording in wordings.items()
]
EVIDENCE = [
    pytest.param(sentences.level_sentence(comparison, level), id=f"{comparison}-{level}")
    for comparison, levels in LEVELS_OF.items()
    for level in levels
]
JARGON = re.compile(
    r"\b(bit|bits|weight|probability|margin|threshold|null|candidate|tuple|fingerprint|base|pair|scope|entry|entries)\b"
)


@pytest.mark.parametrize("kind", WORDED, ids=lambda kind: kind.__name__)
def test_every_member_has_its_wording_in_the_order_of_the_enum(kind: type[StrEnum]) -> None:
    wordings: Mapping[StrEnum, Wording] = WORDED[kind]
    assert list(wordings) == list(kind)


def test_every_level_of_every_comparison_has_its_sentence() -> None:
    assert set(sentences.LEVELS) == set(LEVELS_OF.values())
    for levels, phrases in sentences.LEVELS.items():
        assert list(phrases) == list(levels)


def test_every_pool_and_every_field_has_its_name() -> None:
    assert list(sentences.POOLS) == list(Pool)
    assert list(sentences.FIELD_LABELS) == list(CANONICAL)
    labels = [sentences.comparison_label(comparison) for comparison in Comparison]
    assert len(set(labels)) == len(labels)
    assert {sentences.comparison_label(c) for c in COMPARED} <= set(sentences.FIELD_LABELS.values())
    assert not {sentences.comparison_label(c) for c in set(Comparison) - set(COMPARED)} & set(Comparison)


@pytest.mark.parametrize("wording", WORDINGS)
def test_a_wording_is_short_sentences_without_jargon(wording: Wording) -> None:
    for text in filter(None, (wording.sentence, wording.advice)):
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(text) <= 130
        assert not JARGON.search(text), text
        assert not re.search(r"[{}_]", text), "a sentence holds no placeholder and no code"
    assert not wording.title.endswith(".")


@pytest.mark.parametrize("sentence", EVIDENCE)
def test_the_sentence_of_a_level_is_a_whole_sentence(sentence: str) -> None:
    assert re.fullmatch(r"The [a-z-]+( [a-z-]+)? (are|do|agree|differ|fit|cannot|sound|have)\b.*[a-z]\.", sentence)
    assert not JARGON.search(sentence)
    assert len(sentence) <= 130


def test_what_awaits_a_person_says_what_to_do() -> None:
    for reason in (*REASONS_OF[Action.REVIEW], Reason.NOT_LISTED):
        assert sentences.REASONS[reason].advice, reason
    assert all(wording.advice for wording in sentences.GUARDS.values())


def test_titles_of_reasons_tell_them_apart() -> None:
    titles = [wording.title for wording in sentences.REASONS.values()]
    assert len(set(titles)) == len(titles)


def test_a_likelihood_is_never_stronger_than_a_lower_probability() -> None:
    words = [sentences.likelihood(step / 1000) for step in range(1001)]
    assert [word for word, before in zip(words, [None, *words], strict=False) if word != before] == [
        "unlikely", "possible", "likely", "very likely", "almost certain",
    ]  # fmt: skip


def table_lines() -> list[str]:
    """Every line that the tables of the document must have."""
    reasons = [
        f"| `{reason}` | {wording.title} | {wording.sentence} | {wording.advice or '–'} |"
        for reason, wording in sentences.REASONS.items()
    ]
    guards = [
        f"| `{code}` | {wording.title} | {wording.sentence} | {wording.advice} |"
        for code, wording in sentences.GUARDS.items()
    ]
    doubts = [f"| `{doubt}` | {wording.sentence} | {wording.advice} |" for doubt, wording in sentences.DOUBTS.items()]
    of_several = {FurtherLevel: Comparison.FURTHER, TogetherLevel: Comparison.TOGETHER}
    levels = [
        f"| `{level}` | "
        + (sentences.level_sentence(of_several[kind], level) if kind in of_several else f"The two values {phrase}.")
        + " |"
        for kind, phrases in sentences.LEVELS.items()
        for level, phrase in phrases.items()
    ]
    return [*reasons, *guards, *doubts, *levels]


def test_the_document_lists_all_reasons_guards_doubts_and_levels_in_the_same_words() -> None:
    found = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert sorted(found) == sorted(table_lines())
