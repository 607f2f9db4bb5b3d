"""What is done to a file's bytes before anything of it is trusted: unpacking, decrypting, reading cells.

Invariants: nothing here imports polars or the rest of rosterdiff, so that a process of its own starts in a few
hundredths of a second; everything that comes out is a frame (`frames`), of plain values and bytes, whoever sent the
file; the only error raised is `RefusedError`. The caller runs this in that process (`worker`), or, where a host asked
for it, in its own.
"""
