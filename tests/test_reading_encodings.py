"""Encodings: found by what reads like names, said, and in doubt said loudly."""

import pytest
from benchmarks.encodings import NAMES, SIZES, confusions, table, trials

from rosterdiff.config import ReadOptions
from rosterdiff.reading import encodings, read_roster
from rosterdiff.reading.encodings import choose_encoding, decode, is_utf8
from rosterdiff.reading.languages import JAPANESE, KOREAN, LANGUAGES, SIMPLIFIED, TRADITIONAL
from rosterdiff.reading.letters import measure


def codes(data: bytes) -> list[str]:
    return read_roster(data, filename="list.csv").issues["code"].to_list()


HEADER = "Given Name,Family Name\n"


def test_the_names_that_measure_the_reader_are_none_that_it_knows() -> None:
    known = {name for language in LANGUAGES.values() for name in language.names.split()}
    tried = {name.lower() for half in NAMES.values() for name in half.replace("|", " ").split()}
    assert len(tried & known) <= 12, sorted(tried & known)  # Romanian and Czech share a few common ones
    assert not {name for name in tried if len(name) > 2 and name in JAPANESE + SIMPLIFIED + TRADITIONAL + KOREAN}


def test_rosters_of_all_languages_are_read_in_all_their_encodings() -> None:
    """From ten students on all are right; below, what is wrong is nearly always said."""
    found = list(trials(seed=7, rounds=4))
    of_ten = [trial for trial in found if trial.students >= 10]
    assert confusions(of_ten).total() == 0, confusions(of_ten)
    small = [trial for trial in found if trial.students < 10]
    assert sum(trial.right for trial in small) >= 0.93 * len(small)
    assert sum(not trial.right and not trial.warned for trial in small) <= 0.01 * len(small)
    assert table(found).count("\n") > len(SIZES)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zoë,O’Neill", "cp1252"), ("Noël,Ångström", "mac_roman"), ("Jürgen,Groß", "cp850"), ("Paweł,Wałęsa", "cp1250"),
        ("Яна,Ким", "cp1251"), ("Яна,Ким", "koi8_r"), ("Νίκος,Βλάχος", "iso8859_7"), ("Ayşe,Yıldız", "cp1254"),
        ("美咲,高橋", "cp932"), ("美咲,高橋", "iso2022_jp"), ("ﾐｻｷ,ﾀｶﾊｼ", "cp932"), ("丽,王", "gb18030"),
        ("怡君,陳", "cp950"), ("민준,김", "cp949"), ("נועה,כהן", "cp1255"), ("سارة,المصري", "cp1256"),
    ],
)  # fmt: skip
def test_one_student_is_enough_in_most_languages(text: str, encoding: str) -> None:
    roster = read_roster((HEADER + text + "\n").encode(encoding), filename="list.csv")
    assert roster.frame.select("given_name", "family_name").row(0) == tuple(text.split(","))
    assert roster.issues["code"].to_list()[0] in {"encoding_assumed", "encoding_doubtful"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("name", ["Zoë,Łukasz", "美咲,高橋", "Яна,Ким", "سارة,المصري"])
def test_wide_encodings_are_known_without_their_mark(name: str, encoding: str) -> None:
    roster = read_roster((HEADER + name + "\n").encode(encoding), filename="list.csv")
    assert roster.frame.select("given_name", "family_name").row(0) == tuple(name.split(","))


def test_two_readings_that_are_nearly_as_likely_are_both_named() -> None:
    roster = read_roster((HEADER + "Kőszegi,Anna\n").encode("cp1250"), filename="list.csv")
    assert roster.frame["given_name"].to_list() == ["Kőszegi"]
    doubt = roster.issues.row(0, named=True)
    assert (doubt["code"], doubt["severity"]) == ("encoding_doubtful", "warning")
    assert "Windows-1250" in doubt["message"]
    assert "Windows-1252" in doubt["message"]


def test_a_header_in_the_files_language_is_evidence() -> None:
    data = "Имя,Фамилия\nЯ,Ю\n".encode("koi8_r")
    assert decode(data, choose_encoding(data).name) == "Имя,Фамилия\nЯ,Ю\n"


def test_utf_8_and_ascii_need_no_word() -> None:
    assert codes((HEADER + "Zoë,Łukasz\n").encode()) == []
    assert codes((HEADER + "Ilva,Torenbek\n").encode()) == []


def test_a_text_cut_within_a_letter_is_utf_8_and_its_last_letter_lost() -> None:
    roster = read_roster((HEADER + "Zoë,Łukasz\nMaro,Müë").encode()[:-1], filename="list.csv")
    assert roster.frame["given_name"].to_list() == ["Zoë", "Maro"]
    assert "characters_lost" in roster.issues["code"].to_list()


def test_lines_of_two_encodings_are_read_each_in_its_own_and_said() -> None:
    data = (HEADER + "Zoë,Łukasz\nChloë,Nowak-Gödel\n").encode() + "Joël,Müller\nRenée,Groß\n".encode("cp1252")
    roster = read_roster(data, filename="list.csv")
    assert roster.frame["given_name"].to_list() == ["Zoë", "Chloë", "Joël", "Renée"]
    assert "mixed" in roster.issues["message"][0]


@pytest.mark.parametrize("wrong", ["cp1252", "mac_roman"])
def test_letters_garbled_before_are_said_with_their_cell_and_not_mended(wrong: str) -> None:
    garbled = "José".encode().decode(wrong)
    roster = read_roster((HEADER + f"Ilva,Torenbek\n{garbled},Quendel\n").encode(), filename="list.csv")
    assert roster.frame["given_name"].to_list() == ["Ilva", garbled]
    assert roster.issues.select("code", "cell").rows() == [("garbled_characters", "A3")]


@pytest.mark.parametrize("name", ["JOÃO", "Ângela", "SÃO", "Åse", "ÑANDÚ", "Ïlva", "Âé", "GARÇÃO", "PEÑÃ"])
def test_capitals_with_accents_are_not_garbled(name: str) -> None:
    assert "garbled_characters" not in codes((HEADER + f"{name},Quendel\n").encode())


def test_an_encoding_that_is_named_is_believed() -> None:
    data = (HEADER + "Яна,Ким\n").encode("cp1251")
    roster = read_roster(data, filename="list.csv", options=ReadOptions(encoding="cp1251"))
    assert roster.frame["given_name"].to_list() == ["Яна"]
    assert roster.issues.is_empty()


def test_what_no_language_writes_is_less_likely_than_what_one_does() -> None:
    assert measure("Müller") > measure("MŸller") > measure("M\x9fller")
    assert measure("Иванов") > measure("хБЮМНБ")


def test_long_texts_are_known_as_utf8_wherever_their_letters_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long ones are looked through in pieces, and no piece may end within a letter."""
    monkeypatch.setattr(encodings, "_PIECE", 7)
    text = "Zoë’s école, 日本 😀, Łódź\n".encode() * 3
    for start in range(4):
        shifted = b"-" * start + text
        assert b"".join(encodings._whole_letters(shifted)) == shifted
        assert is_utf8(shifted)
        assert is_utf8(shifted[:-2])  # broken off within its last letter
        assert not is_utf8(shifted + b"\xff\n")
        assert not is_utf8(shifted.replace("ë".encode(), b"\xeb"))
