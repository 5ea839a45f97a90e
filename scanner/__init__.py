"""Vouch: collect the state of clusters and clouds, judge it with Rego controls, record evidence, report.

The program in one line: collect, link, judge, record, report. Three files to read first: `model.py` (the words),
`interfaces.py` (the seams) and `scan.py` (the whole program on one page).
"""

__version__ = "0.1.0"
