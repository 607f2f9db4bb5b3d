"""Less common names, from the providers of Faker (MIT) where it is installed; nothing is drawn by it.

Invariants: without Faker there are none, and the well-known names of `words` stand alone; Greek and Cyrillic names that
families write in Latin letters are transliterated, one way each.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final

_LOCALES: Final = {
    "hispanic": ("es_CO", "es_MX", "es_ES"),
    "south_asian": ("en_IN",),
    "slavic": ("cs_CZ", "hr_HR", "ru_RU", "uk_UA"),
    "greek": ("el_GR",),
    "portuguese": ("pt_BR", "pt_PT"),
    "turkish": ("tr_TR",),
    "german": ("de_DE",),
    "nordic": ("sv_SE", "no_NO", "da_DK", "fi_FI"),
    "african": ("en_KE", "tw_GH", "yo_NG"),
    "celtic": ("en_IE",),
    "french": ("fr_FR",),
    "italian": ("it_IT",),
    "dutch": ("nl_NL",),
    "han": ("zh_CN",),
    "hangul": ("ko_KR",),
    "cyrillic": ("ru_RU", "uk_UA"),
    "greek_script": ("el_GR",),
    "arabic_script": ("ar_AA",),
}
"""Culture → Faker's locales of its names."""

_LATIN: Final = ("slavic", "greek")
"""Cultures whose names Faker has in another script."""

_SPELT: Final = """
аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya іi їyi єye ґg
αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo άa έe ήi ίi όo ύy ώo ϊi ϋy ΐi
"""
_LETTERS: Final = str.maketrans({pair[0]: pair[1:] for pair in _SPELT.split()})
"""Cyrillic and Greek letters and what stands for them in Latin."""

_ATTRIBUTES: Final = {"female": "first_names_female", "male": "first_names_male", "family": "last_names"}


def rarer_names(culture: str, sex: str) -> tuple[str, ...]:
    """Names of a culture (`female`, `male` or `family`) beyond the well-known ones; each once, in a fixed order."""
    found = [_names(_provider(locale), sex) for locale in _LOCALES.get(culture, ())]
    names = [name for names in found for name in names]
    written = [_in_latin(name) for name in names] if culture in _LATIN else names
    return tuple(dict.fromkeys(written))


def _provider(locale: str) -> Any:  # Faker has no common type for its providers' tables
    try:
        return import_module(f"faker.providers.person.{locale}").Provider
    except ImportError:
        return None


def _names(provider: Any, sex: str) -> list[str]:
    """The words of a table, whether or not it has weights; of family names the forms of men."""
    table: Iterable[str] = getattr(provider, _ATTRIBUTES[sex], ())
    women = set(getattr(provider, "last_names_female", ())) if sex == "family" else set()
    return [name for name in table if name not in women and (len(name) > 1 or not name.isascii())]


def _in_latin(name: str) -> str:
    """A name in Latin letters.

    >>> _in_latin("Παπαδόπουλος"), _in_latin("Щербаков")
    ('Papadopoulos', 'Shcherbakov')
    """
    spelt = name.lower().replace("ού", "ou").replace("ου", "ou").translate(_LETTERS)
    return spelt[:1].upper() + spelt[1:] if spelt != name.lower() else name
