"""`python -m scanner` is `vouch`."""

from scanner.cli import main

main()
