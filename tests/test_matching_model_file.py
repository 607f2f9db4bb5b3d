"""A model is one readable file: what is loaded is what was saved, or it is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosterdiff.errors import RosterError, UnusableModel
from rosterdiff.matching.model import Fitted, Model, shipped_model
from rosterdiff.matching.model_file import decode_model, encode_model

FITTED = Model(
    shipped_model().chances,
    expected_share=0.9,
    pairs=412.5,
    fitted=Fitted(rows=310, students=320, labelled=12, ruled_out=3, pairs=300, rounds=4, version="0.1.0"),
)
CONTENT = encode_model(FITTED)


@pytest.mark.parametrize("model", [shipped_model(), FITTED], ids=["shipped", "fitted"])
def test_what_is_loaded_is_what_was_saved(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "model.json")
    assert Model.load(tmp_path / "model.json") == model
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]


chance = st.floats(min_value=0, max_value=1, exclude_min=True)


@given(chance, chance, chance, st.floats(min_value=0, max_value=1e9))
def test_every_number_comes_back_as_it_was(m: float, u: float, share: float, pairs: float) -> None:
    chances = {**shipped_model().chances, "gender": {"same": (m, u), "different": (u, m)}}
    model = Model(chances, expected_share=share, pairs=pairs)
    assert decode_model(encode_model(model)) == model


def test_the_same_model_gives_the_same_bytes() -> None:
    assert encode_model(decode_model(CONTENT)) == CONTENT


def test_people_can_read_it() -> None:
    """A level is a line of two numbers, and what it was fitted on is told."""
    lines = CONTENT.decode().splitlines()
    assert '      "in_step": [0.95, 0.13],' in lines
    assert json.loads(CONTENT)["fitted"]["rows"] == 310


@pytest.mark.parametrize("flip", [0x01, 0x10, 0x80])
def test_wherever_a_byte_is_damaged_the_file_is_refused_or_the_model_is_the_same(flip: int) -> None:
    for place in range(0, len(CONTENT), 3 if flip == 0x10 else 7):
        damaged = bytearray(CONTENT)
        damaged[place] ^= flip
        try:
            found = decode_model(bytes(damaged))
        except UnusableModel:
            continue
        assert found == FITTED, place


@pytest.mark.parametrize("kept", [0, 1, 100, len(CONTENT) // 2, len(CONTENT) - 3])
def test_a_file_that_was_cut_off_is_refused(kept: int) -> None:
    with pytest.raises(UnusableModel):
        decode_model(CONTENT[:kept])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"17",
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 2_000_000,
        b'{"format": "rosterdiff plan"}',
    ],
)
def test_what_is_no_model_is_refused_with_a_hint(content: bytes) -> None:
    with pytest.raises(UnusableModel) as refused:
        decode_model(content)
    assert refused.value.hint


def test_a_file_of_a_later_format_is_refused_as_that() -> None:
    later = CONTENT.replace(b'"format_version": 1', b'"format_version": 2')
    with pytest.raises(UnusableModel, match="does not read"):
        decode_model(later)


def test_a_file_that_cannot_be_opened_is_no_fault_of_the_model(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Model.load(tmp_path / "none.json")


def test_the_file_that_stood_there_stays_where_saving_fails(tmp_path: Path) -> None:
    target = tmp_path / "model.json"
    target.mkdir()
    with pytest.raises(OSError, match=r"."):
        FITTED.save(target)
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "wrong", [{"expected_share": 0.0}, {"expected_share": 1.5}, {"pairs": -1.0}, {"frequency_prior": {"colour": 3.0}}]
)
def test_numbers_that_no_model_has_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(RosterError):
        Model(shipped_model().chances, **wrong)  # type: ignore[arg-type]


def test_numbers_for_what_is_not_compared_are_refused() -> None:
    with pytest.raises(RosterError, match="colour"):
        Model({**shipped_model().chances, "colour": {"same": (0.9, 0.1)}})


def test_models_of_the_same_numbers_have_one_digest_whatever_they_were_fitted_on() -> None:
    assert FITTED.digest != shipped_model().digest
    assert Model(FITTED.chances, expected_share=0.9, pairs=412.5).digest == FITTED.digest
