"""Given names and surnames of many traditions, from which the demo's families are made up.

Invariants: the lists hold common names only, never a whole person; a surname written `Nowak|Nowak` has the forms of
sons and daughters; every tradition has enough names that siblings never share one.
"""

from typing import Final

from attrs import frozen


@frozen
class Tradition:
    """The names from which one family chooses.

    Attributes:
        share: how many of a hundred families.
        surnames: a surname, or the sons' and the daughters' form with a bar between.
        spare_middle: the children have a middle name.

    """

    share: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]
    spare_middle: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


TRADITIONS: Final = (
    Tradition(
        34,
        _words(
            "Charlotte Elizabeth Matilda Grace Isabella Chloe Zoe Imogen Harriet Georgia Alexandra Katherine Abigail"
            " Samantha Evie Poppy Willow Rosie Audrey Clara Phoebe Eleanor Margaret Victoria Josephine Rebecca"
        ),
        _words(
            "William Benjamin Thomas Samuel Joseph Alexander Nicholas Edward Matthew Zachary Lachlan Hamish Oscar"
            " Archie Darcy Angus Toby Jasper Harvey Reuben Christopher Timothy Daniel Frederick Jonathan Anthony"
        ),
        _words(
            "Wheatley Marlowe Ashdown Pemberton Hollis Thornbury Whitlock Carraway Eastwick Fairburn Garside Hargrave"
            " Ingleby Kershaw Lambourne Merriwether Northcott Oakden Penhallow Quigley Radcliff Sedgwick Tilbury"
            " Underhill Wainwright Yardley Armitage Bickerton Cotterill Dunmore Smith Jones Brown Taylor Walker"
            " O'Dowd O'Hanlon McAllister MacKenna Fitzgerald St_Clair Hartley-Moss"
        ),
        spare_middle=True,
    ),
    Tradition(
        9,
        _words("Linh Mai Thao Huong Trang Ngoc Lan Vy Quynh Tuyet Hoa Phuong"),
        _words("Minh Duc Khoa Tuan Bao Quang Huy Long Phuc Hieu Khang Thinh"),
        _words("Nguyen Tran Le Pham Hoang Vo Dang Bui"),
    ),
    Tradition(
        9,
        _words("Yifei Meilin Xinyi Jiayi Ruoxi Zihan Yutong Shuhan Wenjing Lihua"),
        _words("Haoran Zixuan Yichen Junjie Weiming Jianyu Bowen Zhiyuan Tianyu Mingze"),
        _words("Zhang Wang Li Chen Liu Huang Zhou Xu Lin Guo"),
    ),
    Tradition(
        12,
        _words("Ananya Diya Ishani Kavya Meera Priyanka Saanvi Tara Anjali Nandini Riya Lakshmi"),
        _words("Aarav Arjun Dhruv Ishaan Kabir Rohan Vihaan Aditya Nikhil Pranav Karthik Siddharth"),
        _words("Patel Sharma Iyer Reddy Singh Nair Banerjee Chaudhary Subramaniam Venkataraman Fernando Perera"),
    ),
    Tradition(
        8,
        _words("Fatima Layla Noor Amira Zaynab Yasmin Hana Salma Mariam Rania"),
        _words("Omar Yusuf Ibrahim Khalid Tariq Bilal Hamza Zayd Idris Samir"),
        _words("Al-Masri El_Khoury Haddad Rahman Abdi Hussein bin_Rashid Farouk Osman Sayegh"),
    ),
    Tradition(
        7,
        _words("Lucía Sofía Valentina Martina Inês Beatriz Renée Noémie Zoë Chiara"),
        _words("José Mateo Joaquín Andrés João Tomás René Noël Luca Matías"),
        _words(
            "García_Moreno Núñez_Ibarra Peña_Castillo Gómez_Salazar Ferreira_da_Cruz Araújo Beaulieu"
            " De_Angelis Lefèvre Muñoz_Vidal"
        ),
    ),
    Tradition(
        7,
        _words("Zofia Hanna Katarzyna Milena Vesna Dunja Anastasia Eleni Despina Kalliope"),
        _words("Jakub Stanisław Mikołaj Dragan Luka Dimitri Nikos Stavros Konstantin Pavel"),
        _words(
            "Zieliński|Zielińska Wiśniewski|Wiśniewska Horvat Marković Petrov|Petrova Sokolov|Sokolova Papadakis"
            " Georgiou Kovačević Karalis"
        ),
    ),
    Tradition(
        6,
        _words("Sina Lupe Mele Ana Talia Moana Aroha Ngaire Hine Losa"),
        _words("Sione Tavita Semisi Tane Wiremu Ioane Manaia Filipo Rawiri Tevita"),
        _words("Tuilagi Fifita Faleolo Te_Rangi Ngata Taufa Leavasa Parata Vaipulu Tamihana"),
    ),
    Tradition(
        5,
        _words("Ji-woo Seo-yeon Ha-eun Sakura Yui Emi Naomi Min-ji Akari Rin"),
        _words("Min-jun Seo-jun Do-yun Haruto Ren Kenji Sora Ji-ho Takumi Yuto"),
        _words("Kim Park Choi Tanaka Kimura Yamada Shimizu Jeong Kang Mori"),
    ),
    Tradition(
        3,
        _words("Elif Defne Zeynep Freya Saga Linnéa Femke Anouk Sanne Aylin"),
        _words("Emir Kerem Çağan Björn Soren Jörg Daan Sem Ruben Ozan"),
        _words("Yılmaz Öztürk Şahin van_der_Meer de_Groot Lindqvist Jónsson|Jónsdóttir Müller-Weiss Sørensen Aydın"),
    ),
)

NICKNAMES: Final = {
    "Elizabeth": "Lizzie",
    "Benjamin": "Ben",
    "Alexandra": "Lexie",
    "Katherine": "Kate",
    "Samantha": "Sam",
    "William": "Will",
    "Thomas": "Tom",
    "Samuel": "Sam",
    "Nicholas": "Nick",
    "Matthew": "Matt",
    "Christopher": "Chris",
    "Timothy": "Tim",
    "Abigail": "Abby",
    "Margaret": "Maggie",
    "Zachary": "Zac",
}
"""Short forms that a teacher writes for the long ones."""
