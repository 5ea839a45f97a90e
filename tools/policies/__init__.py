"""Checks of the policies: form, tests, coverage, that each control can pass and fail, that no condition is dead."""
