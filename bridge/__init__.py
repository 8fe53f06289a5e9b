"""Bridge: from an Icinga alarm to a kept promise."""

__version__ = "0.1.0"
