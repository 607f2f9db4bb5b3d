"""The numbers that rosterdiff ships: m and u of every level.

Invariants: no code here, so that fitting can write this file anew (`python -m benchmarks tune`).
"""

from collections.abc import Mapping
from typing import Final

SHIPPED: Final = """
given_name      same .82 .005     known_as .02 .001   swapped .006 1    nickname .025 .0012   transposed .008 .00008
given_name      slip .02 .0003    typo .04 .0011      typos .006 .0008  part .01 .0004        middle .006 .0005
given_name      initial .005 .0008   sounds_alike .004 .0007   crossed .001 .0008   similar .006 .0008
given_name      faint .01 .008    different .03 .975
family_name     same .86 .0043    known_as .01 .0005  swapped 1 1       nickname .0005 .0005  transposed .01 .00008
family_name     slip .03 .0003    typo .045 .0012     typos .008 .0009  part .012 .0003       middle .001 .001
family_name     initial .001 .0003   sounds_alike .002 .0003   crossed .001 .0008   similar .003 .0006
family_name     faint .005 .0065  different .025 .985
middle_name     same .75 .05      known_as .01 .01    swapped .01 .01   nickname .01 .002     transposed .003 .0005
middle_name     slip .01 .001     typo .015 .002      typos .005 .002   part .03 .003         middle .01 .01
middle_name     initial .19 .05   sounds_alike .01 .004   crossed .01 .01   similar .01 .003
middle_name     faint .01 .01     different .04 .87
name_suffix     same .95 .20        different .05 .80
birth_date      same .85 .00025     day_month_swapped .01 .00004   transposed .004 .0001   one_digit .04 .0028
birth_date      year_off .005 .012  one_part .007 .0012            partial .008 .00006     year_only .02 .0008
birth_date      placeholder .001 .0008   two_digits .006 .0087     year_same .004 .0116
birth_date      partial_different .005 .04   different .02 .92
student_id      same .98 .0001      different .02 .9999
student_number  same .93 .0001      damaged .02 .0001    one_digit .01 .0005   different .04 .9997
email           same .85 .0005      different .15 .9995
username        same .90 .0005      different .10 .9995
gender          same .98 .50        different .02 .50
gender_named    same .985 .97       different .015 .03
grade           in_step .95 .13     behind .025 .13      ahead .01 .13         other .015 .61
grade_dated     in_step .95 .80     behind .025 .10      ahead .01 .06         other .015 .04
class_name      same .25 .09        expected .35 .12     moved .40 .79
school          same .93 .50        expected .02 .02     moved .07 .50
further_exact   same .85 .01        typo .06 .0005       similar .01 .01       part .01 .01       different .09 .99
further_fuzzy   same .65 .01        typo .08 .001        similar .08 .02       part .05 .12       different .14 .86
further_categorical  same .88 .05   typo .01 .01         similar .01 .01       part .01 .01       different .12 .85
"""
"""A table a name, then level, m, u. The `u` of same names, birth dates, schools and declared columns is replaced by
their frequency in the rosters at hand; that of close names is moved by half of how far the names are from common."""

FREQUENCY_PRIOR: Final[Mapping[str, float]] = {
    "given_name": 300.0,
    "family_name": 300.0,
    "birth_date": 2000.0,
    "school": 5.0,
    "further_exact": 100.0,
    "further_fuzzy": 100.0,
    "further_categorical": 20.0,
}
"""For how many students the shipped frequency speaks beside the rosters at hand."""
