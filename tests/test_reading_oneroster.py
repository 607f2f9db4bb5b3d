"""OneRoster exports: the students of `users.csv`, with class, school and birth date from the other files."""

import zipfile

import polars as pl
import pytest

from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster
from workbook_bytes import archive

MANIFEST = {
    "manifest.version": "1.0", "oneroster.version": "1.1", "file.users": "bulk", "file.enrollments": "bulk",
    "file.classes": "bulk", "file.orgs": "bulk", "file.demographics": "bulk",
}  # fmt: skip
USERS = [
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,middleName,"
    "identifier,email,sms,grades",
    "u1,,,true,o1,student,ilva,Ilva,Torenbek,,00417,ilva@example.org,,03",
    "u2,,,true,o1,teacher,per,Per,Aasly,,,per@example.org,,",
    'u3,,,true,"o1,o2",student,ane,Ane,Vik,Marie,00419,,,04',
    "u4,,,false,o2,student,bo,Bo,Lund,,00420,,,05",
    "u5,,,true,o2,student,eva,Eva,Berg,,00421,,,05",
]
ENROLLMENTS = [
    "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,status,primary,beginDate,endDate",
    "e1,c1,o1,u1,student,,,,",
    "e2,c2,o1,u1,student,,,,",
    "e3,c1,o1,u2,teacher,,true,,",
    "e4,c3,o2,u3,student,,,,",
    "e5,c2,o1,u4,student,,,2023-08-01,2024-06-30",
    "e6,c3,o2,u4,student,,,2024-08-01,2025-06-30",
    "e7,c9,o2,u5,student,,,,",
]
CLASSES = [
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,schoolSourcedId",
    "c1,,,3B,03,k1,,homeroom,o1",
    "c2,,,Music,03,k2,,scheduled,o1",
    "c3,,,,05,k3,5A,scheduled,o2",
]
ORGS = [
    "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "o1,,,Elm School,school,,o9",
    "o2,,,Oak School,school,,o9",
    "o9,,,The District,district,,",
]
DEMOGRAPHICS = [
    "sourcedId,status,dateLastModified,birthDate,sex",
    "u1,,,2016-03-14,female",
    "u3,,,2015-02-30,other",
]


def export(folder: str = "", **changes: list[str] | dict[str, str] | None) -> bytes:
    """An export with some files changed, or left out."""
    files: dict[str, list[str] | dict[str, str] | None] = {
        "manifest": MANIFEST, "users": USERS, "enrollments": ENROLLMENTS, "classes": CLASSES, "orgs": ORGS,
        "demographics": DEMOGRAPHICS, **changes,
    }  # fmt: skip
    written = {}
    for name, lines in files.items():
        if isinstance(lines, dict):
            properties = [f"{key},{value}" for key, value in lines.items()]
            written[f"{folder}{name}.csv"] = "\n".join(["propertyName,value", *properties])
        elif lines is not None:
            written[f"{folder}{name}.csv"] = "\n".join(lines) + "\n"
    return archive(written, zipfile.ZIP_STORED)


def read(options: ReadOptions | None = None, **changes: list[str] | dict[str, str] | None) -> Roster:
    return read_roster(export(**changes), filename="district.zip", options=options or ReadOptions())


def column(roster: Roster, name: str) -> list[object]:
    return roster.frame[name].to_list()


def told(roster: Roster, code: str) -> list[tuple[str | None, str]]:
    return roster.issues.filter(pl.col("code") == code).select("cell", "message").rows()


def test_students_alone_are_read_with_what_the_other_files_say() -> None:
    roster = read()
    assert column(roster, "given_name") == ["Ilva", "Ane", "Bo", "Eva"]
    assert column(roster, "student_number") == ["00417", "00419", "00420", "00421"]
    assert column(roster, "student_id") == [None] * 4
    assert column(roster, "class_name") == ["3B", "5A", None, None]
    assert column(roster, "school") == ["Elm School", "Oak School", "Oak School", "Oak School"]
    assert [str(day) for day in column(roster, "birth_date")] == ["2016-03-14", "None", "None", "None"]
    assert column(roster, "gender") == ["female", "other", None, None]
    assert column(roster, "grade") == ["03", "04", "05", "05"]
    assert column(roster, "middle_name") == [None, "Marie", None, None]


def test_every_place_is_one_of_the_file_of_users() -> None:
    roster = read()
    assert column(roster, "source_row") == [2, 4, 5, 6]
    assert set(column(roster, "source_sheet")) == {"users.csv"}
    assert told(roster, "date_unreadable")[0][0] == "A4", "the user's key, by which the birth date is found"
    assert told(roster, "oneroster_others")[0][0] == "A3"


def test_of_several_classes_the_homeroom_is_taken_and_said() -> None:
    ((_, message),) = told(read(), "oneroster_chosen")
    assert message.startswith("1 student")
    assert "homeroom" in message


def test_of_several_classes_the_one_marked_as_primary_is_taken_where_there_is_no_homeroom() -> None:
    enrolled = [ENROLLMENTS[0], "e1,c2,o1,u1,student,,true,,", "e2,c3,o2,u1,student,,false,,"]
    roster = read(enrollments=enrolled)
    assert column(roster, "class_name")[0] == "Music"
    assert "primary" in told(roster, "oneroster_chosen")[0][1]


def test_of_several_classes_none_is_guessed() -> None:
    roster = read()
    assert column(roster, "class_name")[2] is None
    (message,) = [message for _, message in told(roster, "oneroster_undecided")]
    assert "1 student" in message
    assert "the class" in message


def test_enrolments_that_are_over_do_not_count_on_the_day_of_the_list() -> None:
    from datetime import date

    roster = read(ReadOptions(as_of=date(2024, 9, 1)))
    assert column(roster, "class_name")[2] == "5A"
    assert told(roster, "oneroster_undecided") == []


def test_a_student_of_several_schools_is_at_that_of_the_class_or_at_none() -> None:
    roster = read(enrollments=[ENROLLMENTS[0]])
    assert column(roster, "school")[1] is None
    assert any("the school" in message for _, message in told(roster, "oneroster_undecided"))


def test_the_key_of_the_export_is_the_number_only_where_there_is_no_other_and_the_id_only_of_the_base() -> None:
    without = [",".join(line.split(",")[:10] + line.split(",")[11:]) for line in USERS if '"' not in line]
    assert column(read(users=without), "student_number") == ["u1", "u4", "u5"]
    base = read(ReadOptions(base=True))
    assert column(base, "student_id") == ["u1", "u3", "u4", "u5"]
    assert column(base, "student_number") == ["00417", "00419", "00420", "00421"]


def test_a_delta_says_that_nothing_follows_from_absence_and_leaves_out_who_goes() -> None:
    users = [USERS[0], *(line.replace("u1,,", "u1,tobedeleted,") for line in USERS[1:])]
    roster = read(manifest={**MANIFEST, "file.users": "delta"}, users=users, demographics=None)
    assert column(roster, "given_name") == ["Ane", "Eva"]
    assert "nothing follows" in told(roster, "oneroster_delta")[0][1]
    assert told(roster, "oneroster_removed")[0][0] == "A2"
    assert "left out" in told(roster, "oneroster_disabled")[0][1]
    assert told(roster, "oneroster_incomplete") == []


def test_in_a_bulk_export_accounts_switched_off_are_read_and_told() -> None:
    roster = read()
    assert "Bo" in column(roster, "given_name")
    assert "read like the others" in told(roster, "oneroster_disabled")[0][1]


def test_rows_of_other_files_that_are_to_be_deleted_join_nothing() -> None:
    enrolled = [ENROLLMENTS[0], "e1,c1,o1,u1,student,tobedeleted,,,", "e2,c2,o1,u1,student,active,,,"]
    assert column(read(enrollments=enrolled), "class_name")[0] == "Music"


def test_version_1_2_tells_students_by_their_roles() -> None:
    header = (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,"
        "grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,"
        "primaryOrgSourcedId,pronouns"
    )
    users = [
        header,
        "u1,,,true,ilva,,Ilva,Torenbek,,417,,03,secret,,Ivy,,,o2,",
        "u2,,,true,per,,Per,Aasly,,,,,secret,,,,,,",
        "u3,,,true,ane,,Ane,Vik,,419,,04,,,,,,,",
    ]
    roles = [
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId",
        "r1,,,u1,primary,student,,,o1",
        "r2,,,u2,primary,teacher,,,o1",
        "r3,,,u3,primary,student,,,o1",
        "r4,tobedeleted,,u2,secondary,student,,,o1",
    ]
    roster = read(manifest={**MANIFEST, "oneroster.version": "1.2"}, users=users, roles=roles)
    assert column(roster, "given_name") == ["Ilva", "Ane"]
    assert column(roster, "preferred_given_name") == ["Ivy", None]
    assert column(roster, "school") == ["Oak School", "Elm School"]
    assert told(roster, "oneroster_manifest") == []
    assert "password" not in roster.frame.columns


def test_without_roles_students_are_those_who_are_enrolled_as_such_and_else_everybody_with_a_word() -> None:
    users = [",".join(line.split(",")[:5] + line.split(",")[6:]) for line in USERS if '"' not in line]
    assert column(read(users=users), "given_name") == ["Ilva", "Bo", "Eva"]
    roster = read(users=users, enrollments=None)
    assert column(roster, "given_name") == ["Ilva", "Per", "Bo", "Eva"]
    assert any("who is a student" in message for _, message in told(roster, "oneroster_incomplete"))


def test_the_manifest_is_checked() -> None:
    assert told(read(), "oneroster_manifest") == []
    assert len(told(read(manifest=None), "oneroster_manifest")) == 1
    assert len(told(read(manifest={**MANIFEST, "oneroster.version": "2.0"}), "oneroster_manifest")) == 1
    absent = read(manifest={**MANIFEST, "file.demographics": "absent"})
    assert column(absent, "birth_date") == [None] * 4
    assert any("demographics.csv" in message for _, message in told(absent, "oneroster_incomplete"))
    with pytest.raises(UnreadableFile, match="table of students"):
        read(manifest={**MANIFEST, "file.users": "absent"})


def test_an_export_in_a_folder_is_found_and_columns_of_the_caller_win() -> None:
    nested = read_roster(export("2024/export/"), filename="district.zip")
    assert len(nested) == 4
    named = read(ReadOptions(columns={"class_name": "sms"}))
    assert column(named, "class_name") == [None] * 4


def test_a_file_of_users_alone_is_read_as_any_list() -> None:
    alone = read_roster("\n".join(USERS).encode(), filename="users.csv")
    assert len(alone) == 5
    assert len(read_roster(archive({"users.csv": "\n".join(USERS)}))) == 5
