"""Compiles the catalogue at set-up: `python -m client.ui.i18n.compile`. A package carries the compiled file."""

import sys

from client.ui.i18n.catalogue import compiled

if __name__ == "__main__":
    sys.exit(0 if compiled() else 1)
