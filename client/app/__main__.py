"""`python -m client.app` is `hearthline`."""

from client.app.cli import main

main()
