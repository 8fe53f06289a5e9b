"""What somebody reads on a phone: the page, its link, and the words behind it."""

import html
import re

import requests

from tests.lab.bridge_process import Bridge
from tests.lab.sink import Request

LINK = re.compile(r"http://\S+/a/\S+")
SETUP = re.compile(r"http://\S+/setup/\S+")
FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PASSWORD = "quite-long-and-not-guessed"


def link_of(page: Request) -> str:
    """Return the signed link in a page."""
    found = LINK.search(page.json()["message"])
    assert found, page.json()
    return found[0]


def asks(message: Request) -> bool:
    """Say whether it is a page: somebody is to answer it."""
    return bool(LINK.search(message.json()["message"]))


def is_repeat(page: Request) -> bool:
    """Say whether the page is marked as one that may have arrived before."""
    return bool(page.json()["title"].startswith("Possible repeat: "))


def words(page: str) -> str:
    """Return what a web page says, without its marks and with single blanks."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi>", "", page))
    return " ".join(html.unescape(text).split())


class Visitor:
    """Somebody with a browser, logged in as the admin whom `bridge serve` invites at its start."""

    def __init__(self, bridge: Bridge) -> None:
        self._public_url = bridge.public_url
        self._session = requests.Session()
        invited = SETUP.search(bridge.log.read_text())
        assert invited, bridge.told()
        token = FORM_TOKEN.search(self._session.get(invited[0]).text)
        assert token, "the form of the first log-in has no token"
        typed = {"login": "ada", "name": "Ada", "password": PASSWORD, "again": PASSWORD}
        answer = self._session.post(invited[0], {"csrf_token": token[1], **typed})
        assert answer.ok, words(answer.text)

    def sees(self, path: str = "/") -> str:
        """Return the words of a page."""
        answer = self._session.get(self._public_url + path)
        assert answer.ok, (path, answer.status_code)
        return words(answer.text)
