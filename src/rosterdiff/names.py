"""Names as keys for comparison: folding, tokens, initials, phonetic keys, nicknames.

Invariants: a name itself is never altered, only keys are derived from it; every function works on one value and is
mapped over the distinct values of a column; two names with equal `fold` are the same name.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import permutations
from typing import Final

import jellyfish
import polars as pl

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
)
"""Letters that Unicode does not decompose though people type them without their stroke."""

_LEFT_OUT: Final = (
    range(0x02B9, 0x02D0),  # modifier letters that serve as apostrophes, such as the okina
    range(0x0300, 0x0370),  # accents of Latin, Greek and Cyrillic
    range(0x0591, 0x05C8),  # Hebrew points
    range(0x0640, 0x0641),  # the Arabic stroke that only widens a word
    range(0x064B, 0x0660),  # Arabic short vowels
    range(0x115F, 0x1161),  # Hangul fillers, which have no shape
    range(0x3164, 0x3165),
    range(0xFE00, 0xFE10),  # variants of a glyph, not other letters
    range(0xE0100, 0xE01F0),
)
"""Marks that people leave out when typing. Vowel signs of Indic scripts are letters of the name, and stay."""

_APOSTROPHES: Final = frozenset("'’‘‛`′")
_CACHE: Final = 1 << 16


@lru_cache(maxsize=_CACHE)
def tokens(text: str) -> str:
    """The parts of a name, folded, with one space between: case, accents and apostrophes do not count.

    Source: Unicode NFKD, with the marks of Latin, Greek, Cyrillic, Hebrew and Arabic left out.

    >>> tokens("  Zoë-Mae  O’Neill ")
    'zoe mae oneill'
    """
    if text.isascii():
        lowered = text.lower().replace("'", "").replace("`", "")
        if lowered.isalnum():  # as most names are
            return lowered
    else:
        spelt = text.replace("´", "'")  # which Unicode would decompose into a space and an accent
        decomposed = unicodedata.normalize("NFKD", spelt.casefold()).casefold().translate(_LETTERS)
        lowered = unicodedata.normalize("NFKC", "".join(c for c in decomposed if not _is_left_out(c)))
    return " ".join("".join(c if _is_kept(c) else " " for c in lowered).split())


def _is_left_out(character: str) -> bool:
    category = unicodedata.category(character)
    is_mark = category[0] != "P" and any(ord(character) in marks for marks in _LEFT_OUT)
    return is_mark or category == "Cf" or character in _APOSTROPHES


def _is_kept(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def fold(text: str) -> str:
    """The key by which two names are the same: `tokens` without the spaces; empty if nothing in it is a letter.

    >>> fold("Mary-Jane") == fold("MARY JANE") == fold("maryjane")
    True
    >>> fold("--- ")
    ''
    """
    return tokens(text).replace(" ", "")


@lru_cache(maxsize=_CACHE)
def sound(folded: str) -> str:
    """The phonetic key of a folded name: Metaphone for Latin script, the name itself for others.

    Source: L. Philips, "Hanging on the Metaphone", Computer Language 7(12), 1990 (as `jellyfish.metaphone`).

    >>> sound(fold("Philip")) == sound(fold("Fillip"))
    True
    """
    return jellyfish.metaphone(folded) or folded if folded.isascii() else folded


def map_distinct(column: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """Apply a function to the distinct values of a text column; nulls stay, and empty results become null."""
    values = column.drop_nulls().unique()
    if values.is_empty():
        return column.cast(pl.String)
    mapped = pl.Series(column.name, [function(value) or None for value in values.to_list()], dtype=pl.String)
    return mapped[column.cast(pl.Enum(values)).to_physical()]


_NICKNAMES: Final = """
abigail abby gail; abraham abe; adelaide addie; alan al; albert al bert bertie; alexander alex al sandy xander sasha
lex; alexandra alex sandra lexi sasha alexa; alfred al alf alfie fred; alice ali; alison ali; amanda mandy; amelia amy
millie mia; andrea andie; andrew andy drew; angela angie; annabel anna bella belle; anne annie; anna annie anya;
anthony tony ant; antonia toni; archibald archie; arthur art; augustus gus; barbara barb babs; barnaby barney;
bartholomew bart; beatrice bea trixie; benjamin ben benny benji; bernard bernie; bethany beth; bridget bridie; bradley
brad; brendan bren; callum cal; cameron cam; caroline carrie caz; casey case; cassandra cass cassie; catherine cathy
kate katie cat kitty; katherine kathy kate katie kat kitty kay; kathryn kathy kate katie; kathleen kathy kate kath;
cecilia cece celia; charles charlie chas chuck; charlotte charlie lottie lotte; chelsea chels; christian chris;
christina chris tina chrissy; christine chris chrissy tina; christopher chris kit topher; claudia claud; clement clem;
cordelia delia; cynthia cindy; daniel dan danny; danielle dani; david dave davey; deborah deb debbie; dominic dom;
donald don donny; dorothy dot dottie dolly; douglas doug; edward ed eddie ned ted teddy; edmund ed eddie ned; edwin ed
eddie; eleanor ellie nell nora ella; elizabeth liz lizzie beth betty eliza ellie libby lisa betsy; emily em emmy
millie; emma em; eugene gene; evelyn eve evie; evangeline eve evie; ezekiel zeke; felicity fliss flick; fernando
nando; florence flo florrie; frances fran frankie fanny; francesca fran frankie cesca; francis frank frankie;
francisco paco pancho; frederick fred freddie; gabriel gabe; gabrielle gabby; geoffrey geoff jeff; george georgie;
georgina georgie gina; gerald gerry jerry; gerard gerry; gregory greg; guillermo memo; gwendolyn gwen; hannah han;
harold harry hal; harriet hattie harry; helen nell nellie; henrietta hetty etta; henry harry hank hal; herbert herb
bert; hubert bert; hugh hughie; ignacio nacho; imogen immy; isaac zac ike; isabel izzy bella belle; isabella izzy
bella; isabelle izzy belle; isidore izzy; jackson jack; jacob jake; jacqueline jackie; james jim jimmy jamie; jane
janie; janet jan; jasmine jas jazz; jason jay; jefferson jeff; jeffrey jeff; jennifer jen jenny; jeremiah jerry jem;
jeremy jerry jez; jerome jerry; jessica jess jessie; joan joanie; joanna jo; joanne jo; john jack johnny; jonathan jon
jonny; jose pepe; joseph joe joey; josephine jo josie posy; joshua josh; juan juanito; judith judy; julia jules;
julian jules; juliet jules; justin jay; kenneth ken kenny; kevin kev; kimberly kim kimmy; kristin kris; kristopher
kris; laura laurie; lauren laurie; lawrence larry laurie loz; leonard len lenny leo; leonardo leo; leopold leo; lewis
lew; lillian lily lil; louis lou louie; louisa lou; louise lou; lucas luke; lucinda lucy cindy; lucille lucy; luis
lucho; madeline maddie; madeleine maddie; madison maddie; magdalena lena magda; malcolm mal; manuel manny manolo;
marcus marc; margaret maggie meg peggy daisy greta marge rita; maria mia; marian mary; marilyn mary; martha marty
patsy; martin marty; mary molly polly; matilda tilly mattie; matthew matt matty; maximilian max; maxwell max; maximus
max; melanie mel; melissa mel missy; michael mike mick mikey micky; michelle shelly mich; mildred millie; miriam mim;
mitchell mitch; mohammed mo; mohamed mo; muhammad mo; montgomery monty; natalie nat; natasha tasha nat; nathan nate
nat; nathaniel nate nat nathan; nicholas nick nicky; nicola nicky; nicole nicky nic; nigel nige; norman norm; oliver
ollie; olivia liv livvy; oscar ozzie; oswald oz ozzie; pamela pam; patricia pat patty tricia trish; patrick pat paddy
rick; paul paulie; penelope penny; perceval percy; peter pete; philip phil pip; philippa pippa pip; phillip phil pip;
phoebe phebe; priscilla cilla; quentin quin; rachel rach; raymond ray; rebecca becky becca bec; reginald reg reggie;
richard rick rich dick ricky richie; robert rob bob bobby robbie bert; roberta bobbie; roderick rod; rodney rod; roger
rodge; roland rolly; ronald ron ronnie; rosalind roz ros; rosemary rosie rose; roxanne roxy; rupert rup; russell russ;
salvador sal chava; samantha sam sammy; samson sam; samuel sam sammy; sandra sandy; santiago santi; sarah sally sadie;
sebastian seb bas; serena rena; shannon shan; sharon shaz; sheila shel; sidney sid; simon si; solomon sol solly;
sophia sophie; sophie soph; spencer spence; stanley stan; stephanie steph stevie; stephen steve stevie; steven steve
stevie; stuart stu; susan sue susie suzy; susanna sue susie; sylvester sly; sylvia syl; tabitha tabby; tamara tammy;
terence terry; theodore ted teddy theo; theodora dora thea; theresa terry tess tessa; teresa terry tess tessa; thomas
tom tommy; timothy tim timmy; tobias toby; valentina val tina; valerie val; vanessa nessa; veronica ronnie vera;
victor vic; victoria vicky tori; vincent vince vinny; virginia ginny; vivian viv; walter walt wally; wilfred wilf;
wilhelmina mina; william will bill billy liam willy; winifred winnie; winston win; xavier xavi; yvonne von; zachariah
zach zac; zachary zach zac zack; zoe zo
"""
"""Formal names and their short forms, common knowledge of English-speaking schools; a group a semicolon."""

_ALSO: Final = """
abigail abbie abbey abbi; adriana adri; agnieszka aga; aikaterini katerina; alberto beto; aleksander olek; aleksandr
sasha shura; aleksandra ola sasha; alejandra ale; alejandro ale alex; alessandra ale sandra; alessandro ale sandro;
alexandre alex; alexandros alekos alex; alexandra alexa lexie; alexis lexi lexie; alison allie; allison ali allie;
alyssa aly; anastasia nastya stacy; andrzej jedrek; angelina angie; antoinette toni; antonio tono toni toninho;
ashley ash; ashton ash; athanasios thanasis; august gus; avraham avi; barbara basia; beatriz bea bia; benjamin benni;
bernadette bernie; brandon bran; brianna bri; brittany britt; brooklyn brook; caitlin cait; carolina caro carol;
carolyn carrie; caterina rina; catharina toos trijn; catherine cath; christoph chris; christophe chris; clarence clare;
clifford cliff; clinton clint; concepcion concha conchita; constance connie; consuelo chelo; cornelis kees cor;
cristina cris; cristobal cris; damian damo; david dudu; delilah lila; desmond des; diana di; dimitrios dimitris; dmitri
dima mitya; dmitry dima mitya; dolores lola; domenico mimmo; dominique dom; dorothea dot thea; eduardo edu lalo dudu;
ekaterina katya; elena lena; elias eli; elijah eli; elisabeth lisa liz lizzie beth elli else liesbeth; elisabetta betta
lisa; elizabeth bess bessie elsie lisbeth; eloise ellie; emilia emi millie; emmanouil manolis; emmanuel manny manu;
enrique quique kike; ernest ernie; ernesto neto; erzsebet erzsi; esmeralda esme; esther essie; evangelos vangelis;
evgeniya zhenya; evgeny zhenya; federico fede; ferenc feri; fernanda fer nanda; fernando fer; fiona fi; francesca
franca; francesco franco checco; francisca paca; francisco chico kiko; franklin frank; franziska franzi; frederic fred;
fredrick fred; friedrich fritz; gabriel gabi gabo; gabriela gaby gabi; gavin gav; genevieve gen evie viv; georg
schorsch;
georgios giorgos; gianna gia; gilbert gil bert; gilberto beto gil; giovanni gianni; giuseppe beppe peppe pino; grace
gracie; graciela chela; gregory greggy; griffin griff; grigory grisha; grzegorz grzes; guadalupe lupe lupita; gustavo
gus tavo; gyorgy gyuri; heinrich heinz; hendrik henk; humberto beto; ignacio nacho; ioannis giannis yannis; irina ira;
isabel isa; isabela isa bela; isabella isa; isaiah ike; istvan pista; ivan vanya; jacobus jaap koos; jakub kuba; jan
janek; janice jan; janos jancsi; javier javi; jedidiah jed; jemima jem mima; jesus chuy chus; jillian jill; joanna asia;
joao joaozinho; jocelyn joss; jodie jo; johann hans; johanna hanna jo; johannes hans hannes jan joop; jolene jo;
jonathan johnny; jordan jordy; josef sepp; josefina pepa; joseph jody; joshua joshie; jozsef jozsi; juanita nita;
juliana ju juli; kaitlyn kait kate; karolina lina; katalin kati; katarzyna kasia; katelyn kate kait; katharina kathi
kati; katherine kath kit; kayla kay; kennedy ken; kimberley kim; konstantin kostya; konstantinos kostas costas dinos;
kristina stina tina kris; krzysztof krzys; ksenia ksyusha; lars lasse; laszlo laci; laurence larry laurie;
leonardo leon;
leslie les; lilian lil lily; lillian lilly; lorenzo enzo renzo; lorraine lori; luigi gigi; lyudmila lyuda mila; maciej
maciek; mackenzie kenzie mac; madelyn maddie; makayla kayla; malgorzata gosia; manuel manu; margareta greta; margarete
grete gretel; margarita rita; maria mieke ria mari masha; mariana mari; marjorie marge; marvin marv; matthias matze;
maureen mo; maximilian maxi; mckenzie kenzie; mercedes meche merche; michaela kayla; michail michalis; miguel migue;
mikhail misha; milton milt; miranda mandy; montserrat montse; moses mo; moshe moishe; nadezhda nadya; nancy nan; natalia
nat natasha talia; nathaniel nathan; nicolas nico; nikolai kolya; nikolaos nikos; nils nisse; octavia tavi; olga olya;
olivia livia livvie; oliver oli; panagiotis panos takis; patricia patsy; pavel pasha; pawel pawelek; pedro perico;
peter petey; petrus piet; philippe phil; pieter piet; piotr piotrek; prudence pru; pyotr petya; rafael rafa; ramon
moncho; ramona mona; randall randy; randolph randy; raphael rafe; regina gina; ricardo ricky richi; rivka riki; roberto
beto; rodrigo rodri; roman roma; rosa rosita; rosario charo chayo; ruth ruthie; salvatore sal toto; samantha sammie;
samuel sammie; sebastian basti sebas; sebastien seb; sergei seryozha; sergio checo; sofia sofi sonya; sophia soph;
spyridon spyros; stanislaw staszek; stewart stu; susana susi; susanna suzie; susannah sue susie; susanne susi; suzanne
sue suzy; svetlana sveta; tatiana tanya tati; taylor tay; teresa tere; theodore theo teddie; theodoros thodoris;
theresa tere; thomas thom; tiffany tiff; tomas tomi; tomasz tomek; trevor trev; tristan tris; tyler ty; tyrone ty;
ulrich uli; ursula uschi ulla; valentin valya; valentina vale; valeria vale; vasileios vasilis; vasily vasya; vernon
vern; veronica vero; veronique vero; vicente chente; victoria vic vickie; viktor vitya; vincenzo enzo; vivienne viv;
vladimir vlad volodya vova; vladislav vlad; vyacheslav slava; wallace wally; wesley wes; wilhelm willi; wilhelmina mien;
willem wim; william wills; wojciech wojtek; ximena xime; yelena lena; yitzhak itzik; yolanda yoli; yosef yossi; yulia
yulya; yuri yura; zachary zak; zebulon zeb; zoey zo; zofia zosia; zuzanna zuzia
"""
"""More short forms of English names, and those of a dozen other languages, in Latin script."""


def _nickname_pairs(*tables: str) -> frozenset[tuple[str, str]]:
    groups = [group.split() for table in tables for group in table.replace("\n", " ").split(";")]
    to_formal = {(formal, short) for formal, *shorts in groups for short in shorts}
    both_short = {pair for _, *shorts in groups for pair in permutations(shorts, 2)}
    return frozenset(to_formal | {(b, a) for a, b in to_formal} | both_short)


NICKNAME_PAIRS: Final = _nickname_pairs(_NICKNAMES, _ALSO)
"""Pairs of folded given names of which one is the other's short form, or both are of the same name."""

ENGLISH_GIVEN: Final = frozenset(name for pair in _nickname_pairs(_NICKNAMES) for name in pair)
"""The folded given names of the first table, which say of a column of names that it holds given ones."""


def nickname_frame() -> pl.DataFrame:
    """The nickname pairs as a frame, sorted: `given`, `other`."""
    return pl.DataFrame(sorted(NICKNAME_PAIRS), schema={"given": pl.String, "other": pl.String}, orient="row")
