"""Other people's linkers on the same rosters: Splink and recordlinkage, set up with care, each behind one function.

Invariants: a peer gets the columns that ours gets, standardised as its documentation asks, and never the truth; a
linker is `link(base, incoming) -> pl.DataFrame` of scored pairs (`row`, `student_id`, `probability`, `weight`,
`assigned`); only the module of a peer imports it, so that the suite runs without.
"""
