"""Students who do not exist, with names of many languages, for files whose every cell is known.

Invariants: the same seed gives the same students; nobody's names, number or birth date are another's.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from attrs import field, frozen

_NAMES: Final = {
    "english": (
        "Ilva Maro Tesk Orrin Wyndle Fennia Brack Odelle",
        "Torenbek Quendel Hasprey Ollerthwick Dunmarrow Pelk",
    ),
    "western": (
        "Zoë Jürgen Émile Søren Begoña Åsa Çelestin Inês",
        "Vögelsang Désarmeaux Ibáñezco Østerlind Gonçalvio Müßener",
    ),
    "central": (
        "Łucjan Šárka Ödön Żaneta Ştefana Ğülsüm Đurđica",
        "Wiśniewór Dvořákan Kőszegfi Çağların Ţepeşeanu Žižkovar",
    ),
    "central-european": ("Łucjan Šárka Ödön Żaneta Đurđica", "Wiśniewór Dvořákan Kőszegfi Ţepeşeanu Žižkovar"),
    "modern-greek": ("Αρίστων Μελίνδα Φοίβη", "Παπαδορέας Κωστίδρου Γαλανόπης"),
    "greek": ("Ἀρίστων Μελίνδα Φοίβη Θάλασσα", "Παπαδορέας Κωστίδρου Γαλανόπης"),
    "cyrillic": ("Велимира Ярослан Злата Щукарь", "Торенбеков Кведельская Жигорёв"),
    "arabic": ("سمران ليانة وضاحي", "الطورني القندلي البحرازي"),
    "hebrew": ("אורנית דביר־אל שקדיה", "תורנבקי קוונדלר"),
    "japanese": ("凪沙 蓮斗 ひより", "鳥連部 空出留 神乃木"),
    "chinese": ("若琪 宇轩 梓萌", "托伦 奎德 欧阳岭"),
    "traditional-chinese": ("若琪 宇軒 梓萌", "托崙 奎德 歐陽嶺"),
    "korean": ("서담 하린솔 도윤재", "토렌 퀸델"),
    "thai": ("ปัณณธร ไอยรา", "ทรเบก ควินเดล"),
    "hindi": ("आरविका तनिषेय", "तोरेनबेकर क्वेंडलिया"),
    "vietnamese": ("Ngọc-Diệp Trường Thuỷ Đằng", "Nguyễnh Trầnh Phạmh"),
}
"""Given and family names that were made up, by language."""

LATIN: Final = ("english", "western", "central", "vietnamese")
WORLD: Final = tuple(name for name in _NAMES if name not in {"central-european", "modern-greek", "traditional-chinese"})
GRADES: Final = ("KG", "01", "02", "03", "04", "05", "06")


@frozen
class Person:
    """A student: the canonical fields as they ought to be read."""

    given: str
    middle: str
    family: str
    nick: str
    born: date
    gender: str
    grade: str
    class_name: str
    number: str
    email: str

    @property
    def fields(self) -> dict[str, str]:
        """What a file that gives all of it ought to be read as."""
        return {
            "given_name": self.given,
            "family_name": self.family,
            "birth_date": self.born.isoformat(),
            "gender": self.gender,
            "grade": self.grade,
            "class_name": self.class_name,
            "student_number": self.number,
            "email": self.email,
        }


@frozen
class Crowd:
    """Which students are drawn.

    Attributes:
        seed: of the numbers drawn.
        count: how many.
        languages: of the names, one after the other.
        class_name: of all of them; by grade where it is empty.

    """

    seed: int
    count: int = 24
    languages: Sequence[str] = field(default=LATIN)
    class_name: str = ""


def draw_people(crowd: Crowd) -> list[Person]:
    """Students drawn at random."""
    dice = random.Random(crowd.seed)
    return [_draw(dice, crowd, place) for place in range(crowd.count)]


def _draw(dice: random.Random, crowd: Crowd, place: int) -> Person:
    given_names, family_names = (words.split() for words in _NAMES[crowd.languages[place % len(crowd.languages)]])
    grade = dice.choice(GRADES)
    given, family = dice.choice(given_names), dice.choice(family_names)
    family += _tail(place // len(crowd.languages), family)
    number = f"{dice.randrange(10**4, 10**5)}{place:04d}"
    return Person(
        given=given,
        middle=dice.choice(given_names),
        family=family,
        nick=given[:2].rstrip("-") + "o",
        born=date(2014, 1, 1) + timedelta(days=dice.randrange(1800)),
        gender=dice.choice("FMX"),
        grade=grade,
        class_name=crowd.class_name or f"{grade.lstrip('0')}{dice.choice('ABC')}",
        number=number,
        email=f"s{number}@school.example",
    )


def _tail(place: int, family: str) -> str:
    """Letters that make a family name another, in its own script."""
    return "" if not place else family[place % len(family) : place % len(family) + 2].casefold()
