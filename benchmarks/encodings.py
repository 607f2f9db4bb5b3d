"""How often the encoding of a small roster is found: `python -m benchmarks.encodings`.

Rosters of one to thirty invented students of a language are written in every encoding that its schools use, with
English headers, and read back. The names are not those that the reader knows (`rosterdiff.reading.languages`).
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen

from rosterdiff.reading.encodings import choose_encoding, decode

NAMES: Final = {
    "French": "Clémentine Anaëlle Maël Timothée Cléo Océan Élisa Apolline Lucie Noa Maé Chloée Gaëtan Élias | "
    "Fréchette Béland Gaudré Delaître Bourdôn Mérieux Pélissier Labbé Roussel Carré Rivière Fournier",
    "Spanish": "Matías Sofía Emilián Lucián Aarón Ximena Julián Efraín Araceli Darío Elías Noé Rocío | "
    "Villalón Ordaz Quiñones Cárdenas Gálvez Treviño Salazar Beltrán Galán Zubiría Pozo Niño",
    "Portuguese": "Simone Tainá Otávio Luísa Davi Caetano Thaís Írio Vinícius Raíssa | "
    "Rolão Patrão Valadão Bragança Cebolão Leitão Proença Sá Caldeirão Lencastre Eanes",
    "German": "Jürgen-Max Öze Sönke Lüder Käte Hänsel Björne Annegret Malte Mürle | "
    "Nägele Schönfeld Kühnel Bäumer Wößner Fröhlich Übele Hägele Sturm Gößling Rössler Thümmel",
    "Nordic": "Frøya Eskil Åshild Håvard Bjørg Lærke Søs Torbjörn Tyra Ingvild Märtha | "
    "Ødeby Høeg Lørdal Bækgaard Hällgren Sjölander Nordgård Åkesson Kvåle Møller Wikström",
    "Irish": "Síofra Éanna Cillian Ríona Déaglán Nóra Muiris Clíona Úna | "
    "Ó'Cuív Mac Piarais Breathnach Ó'Néill Ní Chonaill Seoighe Ó'Sé Mac Gráda",
    "Polish": "Gaweł Wiesława Świętopełk Żelisław Zdzisława Ścibor Kajetan Czesław Nadzieja | "
    "Rzeźnik Gąsior Żuraw Łęcki Ćwikła Pilśniak Sośnicki Wąs Kędzior Mróz Dziób Małecki",
    "Czech": "Vítězslav Blažena Bořek Přemysl Ctirad Růžen Libuše Zbyněk Měchura | "
    "Křeček Šulc Hlaváč Ježek Řezníček Kubíček Blažek Kašpar Žáček Vondrášek Kopecký",
    "Hungarian": "Sarolt Győző Bence Ödönke Előd Tünde Kinga Szőke Csilla Szilárd | "
    "Bőrcsök Ördögh Kőműves Hegedűs Fűtő Gerő Vidor Bakó Gyűrűs Tűhegyi",
    "Romanian": "Ileana Ştefania Ţvetan Doiniţa Costică Măriuca Luminiţa | "
    "Bărbulescu Ţăranu Şandru Pârvu Munteanu Brăescu Găvănescu Rădulescu",
    "Croatian": "Željka Šimica Đurica Mladen Anđela Časlav Živana | "
    "Mandžukić Rakitić Ćorluka Šuker Čobanov Žigić Đokić Perišić Tadić",
    "Turkish": "Ayşegül İlayda Çağrı Gökşin Ömür Işıl Şebnem Tuğrul Yiğit | "
    "Kıvanç Özbaş Şenoğlu Güngören Aksoy Yeşil Tunçel Bağcı Karagöz Sığırcı",
    "Baltic": "Ūla Jūratė Šarlotė Žygimantas Āris Dzintars Ņina Ģertrūde Eimantas | "
    "Grigaitytė Šimkus Čepaitis Žemaitis Āboltiņš Vītols Šķēle Zariņa Bružas",
    "Russian": "Глеб Василиса Тимур Ярослав Лидия Богдан Фёкла Злата Мирон Нина | "
    "Гончаров Дьячков Рыжов Щукин Абрамова Клюев Хомутов Цыпкин Юдин Белоусова",
    "Greek": "Θωμάς Φαίδρα Ορέστης Ευγενία Λάζαρος Μυρτώ Ξενοφών Ιάσονας | "
    "Καραγιάννης Ζαχαρίου Μπούρας Λαμπρόπουλος Τσαμπάς Ρήγας Χατζής Φλώρου",
    "Hebrew": "רון שירה אביגיל נדב עידו הילה מיכל | גולן שמש ברק אוחיון רוזן בן-דוד הררי",
    "Arabic": "جنى تامر بدر سلمى رغد إياد ملاك | الحربي القحطاني الزهراني النعيمي درويش حداد الغامدي",
    "Thai": "ปวีณา ชลธิชา เมธี นันทวัฒน์ ศิริพร | พรหมมา สายทอง วงศ์ไทย มั่นคง คำแก้ว",
    "Japanese": "蒼空 颯太郎 紗希 遥斗 芽衣 七海 | 浜崎 榎本 堀内 久保田 安西 飯塚 三宅 土屋",
    "Chinese": "紫萱 浩宇 雅静 奕辰 欣妍 子墨 | 欧阳 司徒 邢 洪 窦 祝 骆 柴",
    "Taiwanese": "芷晴 柏宇 詩涵 宥廷 沛瑜 | 歐陽 闕 駱 簡 饒 紀 游",
    "Korean": "다현 규리 태양 솔비 찬우 혜린 | 피 감 도 표 복 봉 빙 국",
}  # fmt: skip
"""Language → given names and family names, none of which the reader knows."""

WESTERN: Final = ("cp1252", "mac_roman", "cp850", "iso8859_15")
CENTRAL: Final = ("cp1250", "iso8859_2", "cp852", "mac_latin2")
CYRILLIC: Final = ("cp1251", "koi8_r", "cp866", "mac_cyrillic")
ENCODINGS: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(("French", "Spanish", "Portuguese", "German", "Nordic", "Irish"), WESTERN),
    **dict.fromkeys(("Polish", "Czech", "Hungarian", "Croatian"), CENTRAL),
    "Romanian": ("cp1250", "iso8859_2"),
    "Turkish": ("cp1254", "cp857"),
    "Baltic": ("cp1257",),
    "Russian": CYRILLIC,
    "Greek": ("cp1253", "iso8859_7"),
    "Hebrew": ("cp1255",),
    "Arabic": ("cp1256",),
    "Thai": ("cp874",),
    "Japanese": ("cp932", "euc_jp"),
    "Chinese": ("gb18030",),
    "Taiwanese": ("cp950",),
    "Korean": ("cp949",),
}
UNICODE: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")
SIZES: Final = (1, 3, 10, 30)
_ROUNDS: Final = 40


@frozen
class Trial:
    """One roster: as what it was written, and what was made of it."""

    language: str
    encoding: str
    students: int
    taken: str
    right: bool
    warned: bool


def roster(language: str, encoding: str, students: int, dice: random.Random) -> str:
    """A list of students of a language, of those of its names that the encoding can write."""
    given, family = ([n for n in half.split() if _is_written(n, encoding)] for half in NAMES[language].split("|"))
    lines = [f"{dice.choice(given)},{dice.choice(family)},3{dice.choice('AB')}" for _ in range(students)]
    return "\n".join(["Given Name,Family Name,Class", *lines, ""])


def _is_written(name: str, encoding: str) -> bool:
    return name.encode(encoding, "replace").decode(encoding) == name


def trials(seed: int = 1, rounds: int = _ROUNDS) -> Iterator[Trial]:
    """Every language in every encoding and size; rosters that are ASCII alone do not count."""
    dice = random.Random(seed)
    for language, encodings in ENCODINGS.items():
        for encoding in (*encodings, *UNICODE):
            for students in SIZES:
                for _ in range(rounds if encoding in encodings else 3):
                    text = roster(language, encoding, students, dice)
                    if not text.isascii():
                        yield _try(language, encoding, students, text)


def _try(language: str, encoding: str, students: int, text: str) -> Trial:
    data = text.encode(encoding)
    choice = choose_encoding(data)
    right = decode(data, choice.name) == text
    return Trial(language, encoding, students, choice.name, right, choice.rival is not None)


def table(found: Sequence[Trial]) -> str:
    """Encoding by size: how many in a hundred were right, and wrong without a warning."""
    lines = [
        "| encoding | " + " | ".join(f"{size} right | wrong unsaid" for size in SIZES) + " |",
        "| --- |" + " ---: | ---: |" * len(SIZES),
    ]
    for encoding in dict.fromkeys(trial.encoding for trial in found):
        cells = [_shares([t for t in found if t.encoding == encoding and t.students == size]) for size in SIZES]
        lines.append(f"| `{encoding}` | " + " | ".join(cells) + " |")
    whole = [_shares([trial for trial in found if trial.students == size]) for size in SIZES]
    return "\n".join([*lines, "| all | " + " | ".join(whole) + " |"])


def _shares(found: Sequence[Trial]) -> str:
    if not found:
        return " | "
    right = sum(trial.right for trial in found)
    unsaid = sum(not trial.right and not trial.warned for trial in found)
    return f"{100 * right / len(found):.1f} | {100 * unsaid / len(found):.1f}"


def confusions(found: Sequence[Trial]) -> Counter[tuple[str, str, str]]:
    """What was taken for what, where it was wrong."""
    return Counter((t.language, t.encoding, t.taken) for t in found if not t.right)


if __name__ == "__main__":
    everything = list(trials())
    print(table(everything))
    for (language, encoding, taken), count in confusions(everything).most_common(25):
        print(f"{language}: {encoding} taken for {taken}, {count} times")
