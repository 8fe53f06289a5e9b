"""Say what a test needs from the machine, and how to get it where it is missing."""

import os
import shutil

import pytest


def need(program: str, install: str) -> str:
    """Return the path of `program`; without it skip the test, saying what to install.

    With REQUIRE_ALL_PARTS=1 a missing program fails the test, so that CI cannot skip in silence.
    """
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found:
        return found
    message = f"{program} is missing: {install}"
    if os.environ.get("REQUIRE_ALL_PARTS") == "1":
        pytest.fail(message)
    pytest.skip(message)
