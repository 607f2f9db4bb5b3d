"""OneRoster CSV archives of versions 1.1 and 1.2, bulk and delta, with everyone who is no student among the users.

Invariants: of all users the students ought to be read, each once, with class, school, birth date and gender from the
other files; a student whom a delta marks as to be deleted is none.

Source: 1EdTech OneRoster 1.1 and 1.2 CSV bindings, where the files and their columns are named.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from attrs import evolve, frozen

from benchmarks.reading.cases import Case
from benchmarks.reading.pages import Column, Page, column
from benchmarks.reading.people import LATIN, Crowd, Person, draw_people

_STAMP: Final = "2026-01-12T04:00:00.000Z"
_SCHOOL: Final = "Ollerthwick Primary"
_GENDERS: Final = {"F": "female", "M": "male", "X": "other"}


@frozen
class Bundle:
    """How an archive is written.

    Attributes:
        version: of OneRoster, 1.1 or 1.2.
        delta: only what changed, so that every row has its status.
        leave_out: files that are announced and not there.
        folder: a folder within the archive that holds the files.

    """

    version: str = "1.1"
    delta: bool = False
    leave_out: tuple[str, ...] = ()
    folder: str = ""


def oneroster_cases(seed: int) -> Iterator[Case]:
    """Archives of one seed."""
    people = draw_people(Crowd(seed, 20, LATIN))
    whole = Page(_columns(), people, sheet=None)
    kept = evolve(whole, people=people[:-2])
    for version in ("1.1", "1.2"):
        yield _case(f"OneRoster {version}, bulk", Bundle(version), people, whole)
        yield _case(f"OneRoster {version}, delta with deletions", Bundle(version, delta=True), people, kept)
    yield _case("OneRoster 1.1, in a folder of the archive", Bundle(folder="export/"), people, whole)
    lacking = _case("OneRoster 1.1, users announced and not there", Bundle(leave_out=("users.csv",)), people, whole)
    yield evolve(lacking, pages=(), refusals=["any"])
    less = evolve(whole, columns=[one for one in _columns() if "birth_date" not in one.truth(people[0])])
    yield _case(
        "OneRoster 1.1, demographics announced and not there",
        Bundle(leave_out=("demographics.csv",)),
        people,
        evolve(less, columns=[one for one in less.columns if "gender" not in one.truth(people[0])]),
        said=["any"],
    )


def _case(name: str, bundle: Bundle, people: Sequence[Person], page: Page, said: Sequence[str] = ()) -> Case:
    return Case(
        name,
        "format",
        "oneroster.zip",
        partial(_archive, bundle, people),
        [page],
        said,
        key="email",
        free=("student_number", "username"),
    )


def _columns() -> list[Column]:
    named = [column("", name) for name in ("given_name", "family_name", "birth_date", "grade", "class_name", "email")]
    return [
        *named,
        Column("", lambda _: None, lambda one: {"gender": _GENDERS[one.gender]}),
        Column("", lambda _: None, lambda one: {"middle_name": one.middle, "school": _SCHOOL}),
    ]


def _archive(bundle: Bundle, people: Sequence[Person]) -> bytes:
    tables = {
        "orgs.csv": _orgs(bundle),
        "users.csv": _users(bundle, people),
        "classes.csv": _classes(bundle, people),
        "enrollments.csv": _enrollments(bundle, people),
        "demographics.csv": _demographics(bundle, people),
    }
    if bundle.version == "1.2":
        tables["roles.csv"] = _roles(bundle, people)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{bundle.folder}manifest.csv", _text(_manifest(bundle, tables)))
        for name, table in tables.items():
            if name not in bundle.leave_out:
                archive.writestr(bundle.folder + name, _text(table))
    return stream.getvalue()


def _text(table: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(table)
    return stream.getvalue()


def _manifest(bundle: Bundle, tables: Mapping[str, object]) -> list[list[str]]:
    kind = "delta" if bundle.delta else "bulk"
    files = [[f"file.{name.removesuffix('.csv')}", kind] for name in tables]
    absent = [[f"file.{name}", "absent"] for name in ("academicSessions", "courses", "results", "resources")]
    stated = [["manifest.version", "1.0"], ["oneroster.version", bundle.version], *absent, *files]
    return [["propertyName", "value"], *stated, ["source.systemName", "invented"], ["source.systemCode", "inv"]]


def _marks(bundle: Bundle, *, gone: bool = False) -> list[str]:
    """Status and date: both blank in bulk."""
    return [("tobedeleted" if gone else "active"), _STAMP] if bundle.delta else ["", ""]


def _orgs(bundle: Bundle) -> list[list[str]]:
    header = ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"]
    return [
        header,
        ["org-1", *_marks(bundle), "Ollerthwick District", "district", "D1", ""],
        ["org-2", *_marks(bundle), _SCHOOL, "school", "S1", "org-1"],
    ]


_USERS_11: Final = (
    "sourcedId",
    "status",
    "dateLastModified",
    "enabledUser",
    "orgSourcedIds",
    "role",
    "username",
    "userIds",
    "givenName",
    "familyName",
    "middleName",
    "identifier",
    "email",
    "sms",
    "phone",
    "agentSourcedIds",
    "grades",
    "password",
)
_USERS_12: Final = (
    "sourcedId",
    "status",
    "dateLastModified",
    "enabledUser",
    "username",
    "userIds",
    "givenName",
    "familyName",
    "middleName",
    "identifier",
    "email",
    "sms",
    "phone",
    "agentSourcedIds",
    "grades",
    "password",
    "userMasterIdentifier",
    "resourceSourcedIds",
    "preferredGivenName",
    "preferredMiddleName",
    "preferredFamilyName",
    "primaryOrgSourcedId",
    "pronouns",
)


def _users(bundle: Bundle, people: Sequence[Person]) -> list[list[str]]:
    """Students, and after them a teacher and a guardian; the last two students are deleted in a delta."""
    header = list(_USERS_11 if bundle.version == "1.1" else _USERS_12)
    rows = [_user(bundle, one, "student", gone=place >= len(people) - 2) for place, one in enumerate(people)]
    adults = [evolve(one, number=f"9{one.number}", email=f"a{one.email}", grade="") for one in people[:2]]
    rows += [_user(bundle, one, role) for one, role in zip(adults, ("teacher", "guardian"), strict=True)]
    return [header, *([row.get(name, "") for name in header] for row in rows)]


def _user(bundle: Bundle, one: Person, role: str, *, gone: bool = False) -> dict[str, str]:
    status, stamp = _marks(bundle, gone=gone)
    return {
        "sourcedId": f"u-{one.number}",
        "status": status,
        "dateLastModified": stamp,
        "enabledUser": "true",
        "orgSourcedIds": "org-2",
        "primaryOrgSourcedId": "org-2",
        "role": role,
        "username": f"u{one.number}",
        "givenName": one.given,
        "familyName": one.family,
        "middleName": one.middle,
        "identifier": one.number,
        "email": one.email,
        "grades": one.grade,
    }


def _classes(bundle: Bundle, people: Sequence[Person]) -> list[list[str]]:
    header = [
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "grades",
        "courseSourcedId",
        "classCode",
        "classType",
        "location",
        "schoolSourcedId",
        "termSourcedIds",
        "subjects",
        "subjectCodes",
        "periods",
    ]
    names = sorted({one.class_name for one in people})
    return [
        header,
        *(
            [f"c-{name}", *_marks(bundle), name, "", "k-1", name, "homeroom", "", "org-2", "t-1", "", "", ""]
            for name in names
        ),
    ]


def _enrollments(bundle: Bundle, people: Sequence[Person]) -> list[list[str]]:
    header = [
        "sourcedId",
        "status",
        "dateLastModified",
        "classSourcedId",
        "schoolSourcedId",
        "userSourcedId",
        "role",
        "primary",
        "beginDate",
        "endDate",
    ]
    students = [
        [f"e-{one.number}", *_marks(bundle), f"c-{one.class_name}", "org-2", f"u-{one.number}", "student", "", "", ""]
        for one in people
    ]
    adult = f"u-9{people[0].number}"
    teacher = [f"e-{adult}", *_marks(bundle), f"c-{people[0].class_name}", "org-2", adult, "teacher", "true", "", ""]
    return [header, *students, teacher]


def _demographics(bundle: Bundle, people: Sequence[Person]) -> list[list[str]]:
    header = ["sourcedId", "status", "dateLastModified", "birthDate", "sex"]
    return [
        header,
        *([f"u-{one.number}", *_marks(bundle), one.born.isoformat(), _GENDERS[one.gender]] for one in people),
    ]


def _roles(bundle: Bundle, people: Sequence[Person]) -> list[list[str]]:
    """What 1.2 has in a file of its own: what each user is, and where."""
    header = [
        "sourcedId",
        "status",
        "dateLastModified",
        "userSourcedId",
        "roleType",
        "role",
        "beginDate",
        "endDate",
        "orgSourcedId",
        "userProfileSourcedId",
    ]
    users = [*((one.number, "student") for one in people)]
    users += [(f"9{one.number}", role) for one, role in zip(people, ("teacher", "guardian"), strict=False)]
    return [
        header,
        *(
            [f"r-{number}", *_marks(bundle), f"u-{number}", "primary", role, "", "", "org-2", ""]
            for number, role in users
        ),
    ]
