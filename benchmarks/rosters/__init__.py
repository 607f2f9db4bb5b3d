"""Generated school years with the truth of who is who, and the judge of plans that are made from them."""
