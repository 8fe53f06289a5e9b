"""The door to a watcher elsewhere, which calls somebody when it hears from us no more."""

import requests

TIMEOUT_SECONDS = (3.0, 5.0)


def beat(url: str) -> str | None:
    """Post to `url`; return None when that was taken, else why not, without the address."""
    try:
        answer = requests.post(url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        # The text of the error has the address in it, which may be a secret.
        return type(error).__name__
    return None if answer.ok and not answer.is_redirect else f"HTTP {answer.status_code}"
