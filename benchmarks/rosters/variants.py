"""Other names for a name: nicknames, labelled variants, romanisations.

Invariants: tables are name in lower case → other names, which differ from it after folding, in a fixed order; what
people have labelled is read from the shared folder where it is there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import polars as pl

from benchmarks.names import shared_folder
from rosterdiff.names import NICKNAME_PAIRS, fold

Table: TypeAlias = Mapping[str, list[str]]

ROMANISED: Final = """
mohammed mohamed muhammad mohammad mohamad muhammed mohamud; ahmed ahmad ahmet; hussein hussain husain hossain husayn
hüseyin; youssef yusuf yousef yousif yusef; omar umar; khalid khaled; abdullah abdallah abdulla; mahmoud mahmud
mehmood; hassan hasan; aisha ayesha aysha aischa; fatima fatimah fatma fatema; zainab zaynab zeinab; layla leila laila
leyla; mariam maryam meryem; noor nour nur; yasmin yasmeen jasmin; amina aminah; khadija khadijah; tariq tarek tarik;
said saeed sayed syed; jamal gamal; karim kareem; abdul_rahman abdelrahman abdurrahman abdulrahman abdul_rehman; khoury
khouri khury; qasim kassem kasim qassem; mansour mansoor mansur; rashid rasheed; rahman rehman; chowdhury choudhury
chaudhry chaudhary; siddiqui siddiqi; sharma sarma; iyer aiyar; krishnan krishna; zhang cheung chang; chen chan; wang
wong; huang wong; li lee lei; liu lau; lin lam; zhou chow; zhao chiu; wu ng; xu hsu tsui; yang yeung; guo kwok; luo lo;
zheng cheng; liang leung; xie tse; deng tang; feng fung; zeng tsang; cai tsai choi; lee yi rhee li; park pak bak; choi
choe; jung jeong chung; kang gang; cho jo; yoon yun; lim im rim; seo suh; shin sin; kwon gwon; ahn an; yoo yu ryu; jeon
chun; ko go; moon mun; kim gim; nguyen nguyên nguen; huynh hoang; vu vo; phan pham; sergei sergey serhii; dmitri dmitry
dmitriy dmytro; aleksandr alexander oleksandr; alexei alexey aleksei; yulia julia iuliia yuliya; ekaterina yekaterina
kateryna; maksim maxim maksym; mikhail michail mykhailo; andrei andrey andriy; yuri yury yurii; nataliya natalia
nataliia; ksenia xenia kseniya; anastasia anastasiya anastasiia; georgios giorgos yiorgos george; ioannis yannis
giannis john; nikolaos nikos nicholas; konstantinos kostas costas; dimitrios dimitris jimmy; aikaterini katerina
ekaterini; eleni helen elena; müller mueller; schröder schroeder; schäfer schaefer; köhler koehler; krüger krueger;
möller moeller; weiß weiss; böhm boehm; günther guenther; jürgen juergen; björn bjoern; sørensen soerensen sorensen;
jørgensen joergensen; ødegård oedegaard odegard; håkansson haakansson; da_silva silva; dos_santos santos; de_sousa
sousa; souza sousa; luís luiz; manpreet manprit; gurpreet gurprit; singh sing; dhillon dhillion; sidhu siddhu;
de_la_cruz delacruz cruz; jiménez giménez; vásquez vázquez
"""
"""Spellings of one name in Latin script, a group a semicolon."""


def one_of(table: Table, name: str, draw: np.random.Generator) -> str | None:
    """One of the other names that a table knows for a name, in title case; None where it knows none."""
    others = table.get(name.lower())
    return others[int(draw.integers(0, len(others)))].title() if others else None


def nicknames() -> Table:
    """Formal name ↔ names that people use for it: labelled by hand where shared, else the matcher's own list."""
    return _nicknames(_folder())


def variants(kind: str) -> Table:
    """Spellings that people have labelled variants of one `Givenname` or `Surname`; empty where not shared."""
    return _variants(_folder() / f"werelate_Ancestry{kind}Pairs.csv")


@cache
def _nicknames(folder: Path) -> Table:
    if not (folder / "nicknames_carltonnorthern.csv").exists():
        return _grouped(NICKNAME_PAIRS)
    table = pl.read_csv(folder / "nicknames_carltonnorthern.csv")
    pairs = {(formal.strip(), short.strip()) for formal, _, short in table.iter_rows()}
    for sex in ("male", "female"):
        for line in (folder / f"diminutives_{sex}.csv").read_text(encoding="utf-8").splitlines():
            formal, *short = [word.strip() for word in line.split(",") if word.strip()]
            pairs |= {(formal, word) for word in short}
    return _grouped(_both_ways(pairs))


@cache
def _variants(path: Path) -> Table:
    if not path.exists():
        return {}
    table = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True)
    good = table.filter(pl.col("Bad").is_null()).select("HeadName", "VariantName").drop_nulls()
    return _grouped(_both_ways(set(good.iter_rows())))


@cache
def romanisations() -> Table:
    """Spellings of one name in Latin script."""
    groups = [[w.replace("_", " ") for w in group.split()] for group in ROMANISED.replace("\n", " ").split(";")]
    return _grouped({pair for group in groups for pair in permutations(group, 2)})


def _folder() -> Path:
    return shared_folder() / "data" / "names"


def _both_ways(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return pairs | {(other, name) for name, other in pairs}


def _grouped(pairs: Iterable[tuple[str, str]]) -> Table:
    grouped: dict[str, list[str]] = defaultdict(list)
    for name, other in sorted({(name.lower(), other.lower()) for name, other in pairs}):
        if fold(other) not in {"", fold(name)}:
            grouped[name].append(other)
    return dict(grouped)
