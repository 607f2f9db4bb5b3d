"""`plan` and `apply` for lists of people."""
