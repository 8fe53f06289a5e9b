"""German and English: the texts of pages, mails and page-outs, and how dates are written."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from bridge.moments import zone_name

LANGUAGES = ("de", "en")
CATALOGUES = Path(__file__).parent / "translations"

Say = Callable[[str], str]


@cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of a language; English, the language of the code, needs none.

    Catalogues are compiled when they are read, so that none is compiled and forgotten.
    """
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def say(language: str) -> Say:
    """Return the function that translates a text of the code into `language`."""
    return translations(language).gettext


def best(wanted: str | None) -> str:
    """Return the language we speak that is nearest to `wanted`, such as `de-AT`; else English."""
    prefix = (wanted or "").lower()[:2]
    return prefix if prefix in LANGUAGES else "en"


def date_and_time(moment: datetime, language: str, timezone: str) -> str:
    """Return `moment` as people in `timezone` write it, short, with the zone's short name."""
    pattern = "EE dd.MM.yyyy HH:mm" if language == "de" else "EE d MMM yyyy HH:mm"
    local = moment.astimezone(ZoneInfo(timezone))
    written = format_datetime(local, pattern, tzinfo=local.tzinfo, locale=language)
    return f"{written} {zone_name(local, language)}"
