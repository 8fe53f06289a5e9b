"""The name somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` (did you mean X?)` for the name in `known` that is nearest, or nothing."""
    by_lower_case = {name.lower(): name for name in known}
    matches = get_close_matches(word.lower(), by_lower_case, n=1)
    return f" (did you mean {by_lower_case[matches[0]]}?)" if matches else ""
