"""The Qt binding keeps its references.

PySide6 6.12.0 drops a reference to None, True or False at every call that returns one of them. On Python 3.11, whose
singletons are counted, a desk would die of it within minutes.
"""

import sys

from PySide6.QtWidgets import QApplication, QWidget


def test_a_call_that_returns_none_costs_no_reference(qapp: QApplication) -> None:
    widget = QWidget()
    before = sys.getrefcount(None)
    for _ in range(200):
        widget.parentWidget()
    # Other code holds and drops a few references meanwhile; a lost one a call would be 200.
    assert abs(sys.getrefcount(None) - before) < 50


def test_a_call_that_returns_false_costs_no_reference(qapp: QApplication) -> None:
    widget = QWidget()
    before = sys.getrefcount(False)
    for _ in range(100):
        widget.isVisible()
    assert abs(sys.getrefcount(False) - before) < 50
