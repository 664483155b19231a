"""`python -m monitor` is the command `demarche`."""

from monitor.cli import main

main()
