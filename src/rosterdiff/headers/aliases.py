"""The words of schools: which headers say which field, best first, in the languages that are read.

Invariants: spacing, case, accents and punctuation of a header do not count; a header that can mean several things
stands in `SEVERAL`; headers of other people and of earlier years are not here.
"""

from enum import StrEnum
from typing import Final

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
    SECOND_FAMILY = "second_family_name"  # the mother's, as Spanish lists have it in a column of its own
    OTHER = "other"  # known, and none of the student's fields


ALIASES: Final = {
    "student_number": """
        student number; student no; pupil number; pupil no; upn; uln; nsn; vsn; ssid; state student id; state
        id; state student number; student state id; student unique id; unique student id; usi; urn; student id;
        pupil id; learner id; sis id; sis user id; sis student id; district id; district student id; school
        student id; local id; local student id; lasid; sasid; student local id; student region id; region id;
        student testing id; student registration number; srn; registration number; admission no; admission
        number; adno; enrolment number; enrollment number; matriculation number; roll number; nhs number; child
        nhs number; candidate number; exam number; index number; employee id; person id; person number; user
        id; unique id; user unique id; alternate id; alt id; ageid; vce id; ine; id national; identifiant
        unique; upn or unique code; unique code; stkey; sts id; state province id; state id number; student
        code; pupil code; reference number; slsnz id number; sourced id; user sourced id; student unique;
        student internal id; internal id; integration id; id number; sis number; cm special 20; sms id; senr
        ssid; student sourced id; external id; account id; account no; numero documento; documento; matricula;
        numero de matricula; schulernummer; schuler id; nis; nisn; numero etudiant; รหัสนักศึกษา; canvas user
        id; username id; blackboard id; system id; key stage id; numero de alumno; no de alumno; num alumno; id
        alumno; id estudiante; codigo alumno; codigo estudiante; codigo de alumno; expediente; no expediente;
        no de expediente; numero de expediente; nia; legajo; numero eleve; num eleve; no eleve; matricule;
        numero de matricule; identifiant eleve; numero ine; id eleve; code eleve; numero national; identifiant
        national; code permanent; schulernr; schuler nr; matrikelnummer; kennnummer; schulnummer schuler;
        admission number upn; gr no; gr number; general register no; lurits number; emis number; emis no; pps
        number; ppsn; eircode id; pen; personal education number; oen; ontario education number; asn; alberta
        student number; aadhaar; apaar id; candidate no; sace number; tasc id; qsa lui; lui""",
    "username": """
        username; user name; login id; login; login name; sis login id; sis username; ad username; network username;
        network login; account name; user login; student login; student username; student user name; logon name;
        samaccountname; username email; nombre de usuario; benutzername; identifiant; identifiant de connexion""",
    "email": """
        student email; student email address; school email; school email address; email address; email; e mail;
        e mail address; mail; email primary; primary email; google email; office 365 email; o365 email; upn
        email; secondary email; correo; correo electronico; courriel; adresse e mail; emailadresse; correo
        institucional; correo del alumno; correo alumno; email alumno; email del alumno; mel; mail eleve; email
        eleve; adresse mail; adresse email; adresse electronique; courriel eleve; e mail adresse; email
        adresse; mailadresse; e mail schuler""",
    "given_name": """
        legal given name; legal first name; legal forename; given name; given names; first name; first names;
        forename; forenames; first name legal; given; first; fname; f name; christian name; 1st name; firstname
        student; student legal first name; prenom; prenoms; premier prenom; nombre; nombres; primer nombre;
        vorname; vornamen; voornaam; nome; first given name; givenname1; nombre de pila; nombre s; nombres del
        alumno; prenom eleve; prenom de l eleve; prenom s; prenoms eleve; vorname des schulers; vorname
        schuler; vorname n; rufname vorname; forname; forename s; first name s; given name s; firstnames;
        personal name""",
    "middle_name": """
        middle name; middle names; middle initial; middle; mi; m i; second name; other names; other name; legal
        middle name; second given name; additional names; deuxieme prenom; segundo nombre; zweiter vorname;
        mname; middle initials; middle name s; givenname2; autres prenoms; 2e prenom; segundos nombres; otros
        nombres; weitere vornamen; zweitname; 2nd name; second forename; second first name; middle forename;
        middle given name; mid name; additional name; middlename s""",
    "family_name": """
        legal family name; legal last name; legal surname; family name; family names; last name; last names;
        surname; surnames; surname legal; last name legal; lname; l name; last; family; sur name; legal last
        surname; last surname; nom de famille; nom; noms; nom de naissance; apellido; apellidos; primer
        apellido; nachname; familienname; achternaam; sobrenome; apellido s; apellido paterno; apellido 1; 1
        apellido; 1er apellido; paternal surname; paternal last name; first surname;
        apellidos del
        alumno; apellidos alumno; nom eleve; nom famille; nom de famille de l eleve; nom legal; zuname;
        nachname des schulers; nachname schuler; familienname schuler; surname s; family name s; last name s;
        second name surname; surname family name""",
    Composite.SECOND_FAMILY: """
        segundo apellido; apellido materno; apellido 2; 2 apellido; 2do apellido; 2o apellido; second surname;
        second family name; second last name; maternal surname; maternal last name""",
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
        birth date; birthdate; date of birth; dob; d o b; birthday; birth day; date birth; born; born on; b
        day; day of birth; date of birth yyyymmdd; date of birth yyyy mm dd; date of birth dd mm yyyy; date of
        birth mm dd yyyy; dob dd mm yyyy; dob mm dd yyyy; date de naissance; date naissance; date naiss; fecha
        de nacimiento; fecha nacimiento; fec nac; geburtsdatum; geboren; geboortedatum; senr birth date; data
        de nascimento; fecha nac; f nacimiento; fecha de nac; f nac; fnac; nacimiento; nacido; nacido el; date
        de naiss; ne le; nee le; ne e le; naissance; ddn; geb datum; geburtstag; geb; gebdatum; geb dat;
        geboren am; tag der geburt; dateofbirth; birth; birthdt; birth dt; dt of birth; d o birth; date d o b;
        dob date; student dob; dob ymd""",
    "gender": """
        gender; sex; gender code; sex type; legal gender; legal sex; gender identity; m f; boy girl; code sexe;
        sexe; sexo; genero; geschlecht; geslacht; person gender code; senr gender; النوع; genre; sexe eleve;
        sexo alumno; geschl; m w d; m w; h m; f m; gender m f; sex m f; sex at birth; gender description;
        gender desc; assigned sex""",
    "grade": """
        grade level; year level; year group; yeargroup; nc year; nc year group; yr group; yr level; year lvl;
        yr lvl; yr; grade; grades; grd; gr; grade id; current grade; student grade level; student year; year of
        study; school grade; grade year; enrolled grade; grade enrolled; actual nc year; curriculum year;
        national curriculum year; niveau; curso; grado; jahrgang; jahrgangsstufe; klassenstufe; ชั้นปี;
        standard; std; grado escolar; nivel educativo; nivel escolar; curso actual; niveau scolaire; niveau de
        classe; niveau d etudes; stufe; schulstufe; jahrgangstufe; klassenstufen; academic year level;
        yeargroup code; year grp; yr grp; gradelevel; grade lvl; grade lev; class level; school
        level; form level; year form; primary class level; std grade""",
    "class_name": """
        class name; class; classes; home class; homeclass; home group; homegroup; home room; homeroom; hr; form
        group; form; form class; form tutor group; tutor group; tutorgroup; reg group; registration group;
        registration form; registration class; pastoral class; pastoral group; main class; class group; class
        code; classroom; class name or section number; class room; room; teaching group; base class; roll
        class; rollclass; roll group; rollgroup; registration; reg; hg; form room; homeroom class; section;
        section name; section number; division; structure; group; groups; group1; cohort1; course id; set;
        stream; literacy class id; numeracy class id; class id; section id; classe; clase; grupo; klasse; klas;
        groupe; turma; kelas; الشعبة; seccion; aula; paralelo; grado y grupo; groupe classe; libelle classe;
        code classe; nom de la classe; klassenname; klassenbezeichnung; lerngruppe; gruppe; division classe;
        reg class; rollclass name; home room teacher class; class title; class section; class description; form
        name; tutor class; pc class; classgroup; batch""",
    "school": """
        school; school name; name of school; campus; campus name; institution; institution name; school site;
        organisation name; organization name; organisation; organization; org name; school campus; academy;
        ecole; etablissement; escuela; colegio; schule; escola; centro; centro educativo; instituto; plantel;
        nombre de la escuela; nombre del centro; nom de l etablissement; nom etablissement; nom de l ecole;
        lycee; schulname; name der schule; building; building name; school building; site; site name""",
    Composite.LAST_FIRST: """
        last first; lastfirst; last name first name; surname first name; surname given name; surname forename;
        family name given name; last first middle; last name first name middle; sortable name; name last first;
        surname first; student name last first; name last first middle; full name last first; name surname
        first; nom prenom; nom et prenom; nom prenoms; apellidos y nombres; apellidos nombre; nachname vorname;
        name vorname; apellidos y nombre; apellidos nombres; apellido y nombre; apellido nombre; nom et
        prenoms; nom prenom eleve; nom et prenom de l eleve; nachname und vorname; name und vorname;
        familienname vorname; surname forenames; surname forename s; family name first name; lastname firstname
        mi; last name first name mi""",
    Composite.FULL_NAME: """
        full name; fullname; student full name; complete name; name in full; legal name; official name; display
        name; first last; first and last name; student name; pupil name; child name; learner name; first name
        last name; given name family name; name and surname; given name surname; name of student; name of
        child; name of pupil; students names; names; full legal name; nombre completo; nombre y apellidos;
        nombres y apellidos; vollstandiger name; prenom nom; prenom et nom; vor und nachname; nama lengkap;
        nama; naam; الاسم; ชื่อ-นามสกุล; ชื่อ; 姓名; 氏名; nombre del alumno; nombre alumno; nombre del estudiante;
        nombre estudiante; nombre y apellido; nom complet; nom de l eleve; schulername; name des schulers; name
        des kindes; name der schulerin; vollname; first name surname; forename surname; first name and surname;
        name full; student s full name; learners name; pupils name; childs full name; full names; name surname
        student""",
    Composite.OTHER: """
        status; enrolment status; enrollment status; student status; date last modified; enabled; enabled user;
        suspended; deleted; delete; action; role; roles; user type; declared user type; phone; phone number;
        mobile; mobile phone; telephone; tel; cell; address; street; town; city; suburb; state; country;
        postcode; zip; zip code; postal code; start date; end date; entry date; exit date; date left; date
        joined; enrolment date; enrollment date; begin date; grad year; graduation year; class of; house; house
        id; department; dept; course; tags; sector; pronouns; teacher; teacher name; class teacher; form tutor;
        tutor; teacher email; staff id; teacher id; instructor id; parent name; parent email; guardian name;
        contact name; emergency contact; notes; comments; comment; photo; age; barcode; birth year; birth
        month; year of birth; month of birth; birth order; school id; school code; school urn; school dfe
        number; acara school id; school sis id; org sourced id; org sourced ids; list no; roll order; s n; sr
        no; serial no; salutation; honorific; previous school; last year; transport; bus; attendance; blood
        group; org unit path; locker; birthplace; place of birth; class teacher name; teacher title; class
        sourced id; authentication provider id; match id; father name; mother name; preferred middle name;
        preffered middle name; native name; next school; troisieme prenom; user ids; other ids; agent sourced
        ids; statut; estado; telefono; telefon; handy; direccion; adresse; domicilio; codigo postal; code
        postal; plz; ort; ciudad; ville; profesor; profesora; maestro; maestra; enseignant; professeur; lehrer;
        lehrerin; klassenlehrer; klassenlehrerin; klassleiter; professeur principal; tutora; madre; padre;
        mere; pere; mutter; vater; eltern; responsable legal; observaciones; notas; remarques; observations;
        bemerkungen; bemerkung; edad; alter; annee scolaire; curso academico; curso escolar; ano lectivo; ano
        academico; ano escolar; schuljahr; academic year; civilite; anrede; tratamiento; langue; idioma;
        sprache; language; home language; first language; option; options; specialite; lv1; lv2; nb; remarks;
        remark; sibling; siblings; uniform size; lunch; regime; credit hours; gpa; score; total; average; rank;
        attendance percentage""",
}  # fmt: skip
"""Meaning → the headers that say it, best first; spacing, case, accents and punctuation do not count."""

SEVERAL: Final = {
    ("grade", "other"): "year; school year; level; stage; nivel; ano; annee; jahr; niveau",
    ("grade", "class_name"): "grade; grades; standard; std; curso; stufe",
    ("class_name", "grade"): "class; form; klasse; classe; clase",
    ("other", "class_name"): "title; house group; teacher; tutor; class teacher",
    ("other", "student_number"): "sms; number; no; num; nr; code; key; ref; reference; registration; الرقم",
    ("student_number", "other"): "id; identifier; ids; roll no; roll; urn; student ref; pupil ref",
    ("class_name", "student_number"): "registration; reg",
    ("full_name", "student_number", "given_name"): "student; pupil; child; learner; students; pupils; children",
    ("full_name", "given_name"): """
        name; student name; pupil name; child name; learner name; english name; nombre; alumno; alumna; alumnos;
        estudiante; eleve; eleves; schuler; schulerin; kind""",
    ("full_name", "family_name"): "nom",
    ("gender", "other"): "s; g; b/g",
    ("family_name", "other"): "family; last",
    ("email", "username"): "login id; login; user; account; username/email; sis login id",
}  # fmt: skip
"""Meanings, best first → the headers that can have any of them."""

BASE_IDS: Final = (
    "account id; student id; id; account number; account no; account; user id; sourced id; unique id; uid; guid; "
    "uuid; person id; student key; pk; key"
)
"""The headers of a host's own export that can be its key, best first."""
