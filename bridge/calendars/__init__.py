"""Service hours: when is it open, and how much open time lies between two moments."""
