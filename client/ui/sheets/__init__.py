"""Sheets: what lies over the work for a moment, inside the window."""
