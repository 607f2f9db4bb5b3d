"""How well, how fast and how safely spreadsheets are read: a corpus, generated files, the raw readers, a fuzzer."""
