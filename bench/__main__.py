"""Runs every benchmark, one after the other: `python -m bench`, or those named."""

import runpy
import sys

NAMES = (
    "due",
    "on_call",
    "parse",
    "board",
    "report",
    "deliveries",
    "intake",
    "processing",
    "latency",
    "footprint",
)

for name in sys.argv[1:] or NAMES:
    sys.argv = [name]
    runpy.run_module(f"bench.{name}", run_name="__main__")
