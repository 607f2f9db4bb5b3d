"""Header text → canonical column.

Invariants: `student_id` comes only from the marked header of our own template, a base file, or explicit options; every
other id-like header is a `student_number`. A header that can mean several things gives all of them, best first; the
column's values decide elsewhere. Headers of other people (parents, teachers) and of
earlier years are never a student's.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final

from attrs import evolve, frozen

from rosterdiff.known import KnownBy

TEMPLATE_HEADERS: Final = {
    "student_id": "Account ID (rosterdiff, do not change)",
    "student_number": "Student Number",
    "username": "Username",
    "email": "Email",
    "given_name": "Given Name",
    "middle_name": "Middle Name",
    "family_name": "Family Name",
    "name_suffix": "Suffix",
    "preferred_given_name": "Preferred Given Name",
    "preferred_family_name": "Preferred Family Name",
    "birth_date": "Date of Birth",
    "gender": "Gender",
    "grade": "Grade",
    "class_name": "Class",
    "school": "School",
}
"""The headers that our own template writes, in its order; reading them back gives the same columns."""


class Composite(StrEnum):
    """What a column can hold beside one canonical field."""

    FULL_NAME = "full_name"  # "First Last", in an order that the header does not say
    LAST_FIRST = "last_first_name"  # "Last, First Middle"
    OTHER = "other"  # known, and none of the student's fields


_ALIASES: Final = {
    "student_number": """
        student number; student no; pupil number; pupil no; upn; uln; nsn; vsn; ssid; state student id; state id;
        state student number; student state id; student unique id; unique student id; usi; urn; student id; pupil id;
        learner id; sis id; sis user id; sis student id; district id; district student id; school student id; local id;
        local student id; lasid; sasid; student local id; student region id; region id; student testing id;
        student registration number; srn; registration number; admission no; admission number; adno; enrolment number;
        enrollment number; matriculation number; roll number; nhs number; child nhs number; candidate number;
        exam number; index number; employee id; person id; person number; user id; unique id; user unique id;
        alternate id; alt id; ageid; vce id; ine; id national; identifiant unique; upn or unique code; unique code;
        stkey; sts id; state province id; state id number; student code; pupil code; reference number; slsnz id number;
        sourced id; user sourced id; student unique; student internal id; internal id; integration id; id number;
        sis number; cm special 20; sms id; senr ssid; student sourced id; external id; account id; account no;
        numero documento; documento; matricula; numero de matricula; schulernummer; schuler id; nis; nisn;
        numero etudiant; รหัสนักศึกษา; canvas user id; username id; blackboard id; system id; key stage id""",
    "username": """
        username; user name; login id; login; login name; sis login id; sis username; ad username; network username;
        network login; account name; user login; student login; student username; student user name; logon name;
        samaccountname; username email; nombre de usuario; benutzername; identifiant; identifiant de connexion""",
    "email": """
        student email; student email address; school email; school email address; email address; email; e mail;
        e mail address; mail; email primary; primary email; google email; office 365 email; o365 email; upn email;
        secondary email; correo; correo electronico; courriel; adresse e mail; emailadresse""",
    "given_name": """
        legal given name; legal first name; legal forename; given name; given names; first name; first names; forename;
        forenames; first name legal; given; first; fname; f name; christian name; 1st name; firstname student;
        student legal first name; prenom; prenoms; premier prenom; nombre; nombres; primer nombre; vorname; vornamen;
        voornaam; nome; first given name; givenname1""",
    "middle_name": """
        middle name; middle names; middle initial; middle; mi; m i; second name; other names; other name;
        legal middle name; second given name; additional names; deuxieme prenom; segundo nombre; zweiter vorname;
        mname; middle initials; middle name s; givenname2""",
    "family_name": """
        legal family name; legal last name; legal surname; family name; family names; last name; last names; surname;
        surnames; surname legal; last name legal; lname; l name; last; family; sur name; legal last surname;
        last surname; nom de famille; nom; noms; nom de naissance; apellido; apellidos; primer apellido; nachname;
        familienname; achternaam; sobrenome""",
    "name_suffix": """
        suffix; name suffix; generation code suffix; generation suffix; generational suffix; suffix name; jr sr""",
    "preferred_given_name": """
        preferred given name; preferred first name; preferred name; preferred forename; preferred; pref name;
        preferred first; known as; called; nickname; nick name; goes by; common name; chosen name; usual name;
        usual first name; alternate name; alternatename; short name; prefered name; preffered given name;
        prefered first name; preferred firstname; first name preferred; given name preferred; pref first name;
        forename preferred; prenom usuel; prenom d usage; rufname; everyday name; call name; known name""",
    "preferred_family_name": """
        preferred family name; preferred last name; preferred surname; preffered family name; surname preferred;
        last name preferred; family name preferred; usual surname; usual last name; chosen surname; known as surname;
        nom d usage; nom usuel; pref surname; pref last name""",
    "birth_date": """
        birth date; birthdate; date of birth; dob; d o b; birthday; birth day; date birth; born; born on; b day;
        day of birth; date of birth yyyymmdd; date of birth yyyy mm dd; date of birth dd mm yyyy;
        date of birth mm dd yyyy; dob dd mm yyyy; dob mm dd yyyy; date de naissance; date naissance; date naiss;
        fecha de nacimiento; fecha nacimiento; fec nac; geburtsdatum; geboren; geboortedatum; senr birth date;
        data de nascimento""",
    "gender": """
        gender; sex; gender code; sex type; legal gender; legal sex; gender identity; m f; boy girl; code sexe; sexe;
        sexo; genero; geschlecht; geslacht; person gender code; senr gender; النوع""",
    "grade": """
        grade level; year level; year group; yeargroup; nc year; nc year group; yr group; yr level; year lvl; yr lvl;
        yr; grade; grades; grd; gr; grade id; current grade; student grade level; student year;
        year of study; school grade; grade year; enrolled grade; grade enrolled; actual nc year; curriculum year;
        national curriculum year; niveau; curso; grado; jahrgang; jahrgangsstufe; klassenstufe; ชั้นปี; standard; std""",
    "class_name": """
        class name; class; classes; home class; homeclass; home group; homegroup; home room; homeroom; hr; form group;
        form; form class; form tutor group; tutor group; tutorgroup; reg group; registration group; registration form;
        registration class; pastoral class; pastoral group; main class; class group; class code; classroom;
        class name or section number; class room; room; teaching group; base class; roll class; rollclass; roll group;
        rollgroup; registration; reg; hg; form room; homeroom class; section; section name;
        section number; division; structure; group;
        groups; group1; cohort1; course id; set; stream; literacy class id; numeracy class id; class id; section id;
        classe; clase; grupo; klasse; klas; groupe; turma; kelas; الشعبة""",
    "school": """
        school; school name; name of school; campus; campus name; institution; institution name; school site;
        organisation name; organization name; organisation; organization; org name; school campus; academy;
        ecole; etablissement; escuela; colegio; schule; escola""",
    Composite.LAST_FIRST: """
        last first; lastfirst; last name first name; surname first name; surname given name; surname forename;
        family name given name; last first middle; last name first name middle; sortable name; name last first;
        surname first; student name last first; name last first middle; full name last first;
        name surname first; nom prenom; nom et prenom; nom prenoms; apellidos y nombres; apellidos nombre;
        nachname vorname; name vorname; apellidos y nombre""",
    Composite.FULL_NAME: """
        full name; fullname; student full name; complete name; name in full; legal name; official name;
        display name; first last; first and last name; student name;
        pupil name; child name; learner name; first name last name; given name family name;
        name and surname; given name surname; name of student; name of child; name of pupil; students names; names;
        full legal name; nombre completo; nombre y apellidos; nombres y apellidos; vollstandiger name; prenom nom;
        prenom et nom; vor und nachname; nama lengkap; nama; naam; الاسم; ชื่อ-นามสกุล; ชื่อ; 姓名; 氏名""",
    Composite.OTHER: """
        status; enrolment status; enrollment status; student status; date last modified; enabled; enabled user;
        suspended; deleted; delete; action; role; roles; user type; declared user type; phone; phone number; mobile;
        mobile phone; telephone; tel; cell; address; street; town; city; suburb; state; country; postcode; zip;
        zip code; postal code; start date; end date; entry date; exit date; date left; date joined; enrolment date;
        enrollment date; begin date; grad year; graduation year; class of; house; house id; department; dept; course;
        tags; sector; pronouns; teacher; teacher name; class teacher; form tutor; tutor; teacher email; staff id;
        teacher id; instructor id; parent name; parent email; guardian name; contact name; emergency contact; notes;
        comments; comment; photo; age; barcode; birth year; birth month; year of birth; month of birth; birth order;
        school id; school code; school urn; school dfe number; acara school id; school sis id; org sourced id;
        org sourced ids; list no; roll order; s n; sr no; serial no; salutation; honorific; previous school;
        last year; transport; bus; attendance; blood group; org unit path; locker; birthplace; place of birth;
        class teacher name; teacher title; class sourced id; authentication provider id; match id; father name;
        mother name; preferred middle name; preffered middle name; native name; next school; troisieme prenom;
        user ids; other ids; agent sourced ids""",
}  # fmt: skip
"""Meaning → the headers that say it, best first; spacing, case, accents and punctuation do not count."""

_SEVERAL: Final = {
    ("grade", "other"): "year; school year; level; stage; nivel",
    ("grade", "class_name"): "grade; grades; standard; std",
    ("other", "class_name"): "title; house group; teacher; tutor; class teacher",
    ("other", "student_number"): "sms; number; no; num; nr; code; key; ref; reference; registration; الرقم",
    ("student_number", "other"): "id; identifier; ids; roll no; roll; urn; student ref; pupil ref",
    ("class_name", "student_number"): "registration; reg",
    ("full_name", "student_number", "given_name"): "student; pupil; child; learner; students; pupils; children",
    ("full_name", "given_name"): "name; student name; pupil name; child name; learner name; english name; nom; nombre",
    ("gender", "other"): "s; g; b/g",
    ("family_name", "other"): "family; last",
    ("email", "username"): "login id; login; user; account; username/email; sis login id",
}  # fmt: skip
"""Meanings, best first → the headers that can have any of them."""

_BASE_IDS: Final = (
    "account id; student id; id; account number; account no; account; user id; sourced id; unique id; uid; guid; "
    "uuid; person id; student key; pk; key"
)
"""The headers of a host's own export that can be its key, best first."""

_PREFIXES: Final = (
    "submittedsenr", "resultsenr", "students", "student", "pupils", "pupil", "child", "childs", "person", "learner",
    "client", "consumer", "legal", "official", "participant", "current", "this", "todays", "my",
)  # fmt: skip
_SUFFIXES: Final = ("required", "mandatory", "optional", "legal", "student", "ofstudent", "ofchild", "ofpupil", "s")
_ANNOTATION: Final = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_NEXT: Final = re.compile(r"\b(?:next years|next year|next|new|upcoming|proposed|following)\b")
_EARLIER: Final = re.compile(r"\b(?:previous|prior|former|old|last year|last years)\b")
_CALENDAR: Final = re.compile(r"\b20\d\d(?: (?:20)?\d\d)?\b")
_YEARLY: Final = frozenset({"class_name", "grade", "school"})


def header_key(text: str) -> str:
    """What of a header counts: its letters and digits, folded.

    >>> header_key(" Date_of Birth* "), header_key("Prénom"), header_key("firstName")
    ('dateofbirth', 'prenom', 'firstname')
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum())


def _listed(text: str) -> list[str]:
    return [key for word in text.split(";") if (key := header_key(word))]


_MEANINGS: Final = {
    key: (str(meaning), rank)
    for meaning, words in reversed(_ALIASES.items())
    for rank, key in reversed(list(enumerate(_listed(words))))
}
_CHOICES: Final = {key: choices for choices, words in _SEVERAL.items() for key in _listed(words)}
_BASE_RANK: Final = {key: rank for rank, key in enumerate(_listed(_BASE_IDS))}
_MARKED: Final = header_key(TEMPLATE_HEADERS["student_id"])


@frozen
class Meaning:
    """What a header can mean.

    Attributes:
        choices: canonical fields or `Composite`s, best first; one where the header is clear.
        rank: among headers of one meaning the lowest is the best.
        next_year: the column is for next year, and wins over the current one.
        usual: what it means where the values settle nothing; `None` where nobody could say.
        known_by: whether it is a header of the table as it stands, or with words around it.

    """

    choices: tuple[str, ...]
    rank: int
    next_year: bool = False
    usual: str | None = None
    known_by: KnownBy = KnownBy.ALIAS

    @property
    def clear(self) -> bool:
        """Whether the header has one meaning."""
        return len(self.choices) == 1


@lru_cache(maxsize=4096)
def read_header(text: str, *, base: bool = False) -> Meaning | None:
    """Read a header as what it means, or `None` where it is not known.

    Args:
        text: the header as the file writes it.
        base: the file is the host's own export, whose id column is the `student_id`.

    >>> read_header("CHILD_LAST_NAME").choices, read_header("Date of Birth* (dd/mm/yyyy)").choices
    (('family_name',), ('birth_date',))
    >>> read_header("Student ID").choices, read_header("Student ID", base=True).choices
    (('student_number',), ('student_id',))
    >>> read_header("Class next year"), read_header("Mother's first name")
    (Meaning(choices=('class_name',), rank=1, next_year=True, usual='class_name'), None)

    """
    key = header_key(text)
    if key == _MARKED:
        return Meaning(("student_id",), -1, usual="student_id")
    if base and (bare := _base_rank(key)) is not None:
        return Meaning(("student_id",), bare, usual="student_id")
    return _read_key(key) or _read_yearly(text) or _read_annotated(text)


def _base_rank(key: str) -> int | None:
    return _BASE_RANK.get(key)


def _read_key(key: str) -> Meaning | None:
    for bare in _bare_keys(key):
        known = _MEANINGS.get(bare)
        choices = _CHOICES.get(bare)
        if choices or known:
            rank = known[1] if known else 500
            usual = known[0] if known else None
            return Meaning(choices or (str(usual),), rank, usual=usual)
    return None


def _bare_keys(key: str) -> Iterable[str]:
    """The key itself, then without the words that schools put before and after it."""
    seen = {key}
    waiting = [key]
    while waiting:
        current = waiting.pop(0)
        yield current
        shorter = [current.removeprefix(p) for p in _PREFIXES] + [current.removesuffix(s) for s in _SUFFIXES]
        for bare in shorter:
            if bare and bare not in seen:
                seen.add(bare)
                waiting.append(bare)


def _read_annotated(text: str) -> Meaning | None:
    """A header with a remark in brackets, read without it; "(Preferred)" and "(Legal)" were tried before."""
    bare = header_key(_ANNOTATION.sub(" ", text))
    return _read_key(bare) if bare and bare != header_key(text) else None


def _spaced(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("'s", "s").replace("’s", "s")
    return " ".join(_WORD.findall(plain)).casefold()


def _read_yearly(text: str) -> Meaning | None:
    """A header that names its year: next year's is marked, an earlier one is not the student's."""
    words = _spaced(text)
    if _EARLIER.search(words):
        return Meaning((Composite.OTHER.value,), 0, usual=Composite.OTHER.value)
    for pattern, is_next in ((r"\b(?:next|new)\b", True), (_NEXT, True), (_CALENDAR, False)):
        rest = re.sub(pattern, " ", words, count=1)
        found = _read_key(header_key(rest)) if rest != words else None
        if found and found.choices[0] in _YEARLY:
            return evolve(found, next_year=is_next)
    return None


def header_words(text: str) -> str:
    """The words of a header in lower case, one space between.

    >>> header_words("hispanicLatino"), header_words("Medical_Alert (1)")
    ('hispanic latino', 'medical alert 1')
    """
    return _spaced(text)
