"""The evidence bundle: what a scan saw, what it judged by and what it concluded, in files that a stranger can check.

`bundle.py` writes one, `read.py` reads it back, `verify.py` recomputes every digest. The format is in docs/bundle.md.
"""
