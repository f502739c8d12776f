"""Errors that any part of the lab may report."""

TEXTS = {
    "did_you_mean": ("Did you mean '{near}'?", "혹시 '{near}'인가요?"),
}
