"""The drop-in for a site: the shipped configuration with the site's paths, address and token."""

import re
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from string import Template
from urllib.parse import urlsplit

from bridge.errors import Refused

PLACEHOLDER = "REPLACE-WITH-THE-TOKEN"

NOTIFY_CONF = Template("""\
# Where bridge-notify sends notifications, read by curl. 0640, for root and Icinga's group.
# The token: bridge token add NAME --scope webhook --source ID
url = "$url"
header = "Authorization: Bearer $token"
$trust
""")
SYSTEM_TRUST = '# cacert = "/etc/bridge/ca.crt"'

_PATH = re.compile(r"/[A-Za-z0-9._/+-]+")
_ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]*")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")


class UnfitForConf(Refused):
    """The value cannot stand in Icinga's, systemd's and curl's configuration alike."""


@dataclass(frozen=True)
class Places:
    """Where things are on the node; the defaults are what the shipped files say.

    script: of the notification; check_bridge is in the same folder.
    """

    script: str = "/usr/lib/bridge/bridge-notify"
    config: str = "/etc/bridge/notify.conf"
    spool: str = "/var/spool/bridge"
    user: str = "nagios"

    def __post_init__(self) -> None:
        for place in fields(self):
            value: str = getattr(self, place.name)
            allowed = _ACCOUNT if place.name == "user" else _PATH
            if not allowed.fullmatch(value):
                raise UnfitForConf(f"{place.name} {value!r}: only letters, digits and . _ / + -")

    def texts(self) -> tuple[str, ...]:
        """Return what stands for them in the files; the check is beside the script."""
        check = str(PurePosixPath(self.script).with_name("check_bridge"))
        return (self.script, check, self.config, self.spool, self.user)


DEFAULT_PLACES = Places()


def render(
    out: Path,
    public_url: str,
    token: str = PLACEHOLDER,
    api_password: str = "",
    ca_file: str | None = None,
    places: Places = DEFAULT_PLACES,
) -> list[Path]:
    """Write the drop-in for a site below `out` and return the files, sorted.

    public_url: what people call Bridge by; the webhook's path is added.
    token: of the webhook's scope; without it notify.conf holds a placeholder.
    api_password: of ApiUser "bridge"; while it is empty, Icinga lets nobody in by it.
    ca_file: on the node, to verify `public_url` with; None: what the node trusts anyway.
    Files of the same names are overwritten; those with secrets are 0640.
    Raises UnfitForConf for a value that would break out of its quotes.
    """
    curl = _notify_conf(public_url, token, ca_file)
    if re.search(r'["\\\s]', api_password):
        raise UnfitForConf("the API password: no quotes, backslashes or blanks")
    written = [_copy(source, out, places) for source in _shipped_files()]
    api_user = out / "bridge/api-user.conf"
    login = api_user.read_text("utf-8").replace('password = ""', f'password = "{api_password}"')
    _write_secret(api_user, login)
    _write_secret(out / "notify.conf", curl)
    return sorted([*written, out / "notify.conf"])


def shipped_folder() -> Path:
    """Return the folder of the shipped drop-in: inside an installed wheel, else of the checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "icinga_conf"
    return installed if installed.is_dir() else package.parent / "icinga-conf"


def _shipped_files() -> list[Path]:
    return sorted(path for path in shipped_folder().rglob("*") if path.is_file())


def _copy(source: Path, out: Path, places: Places) -> Path:
    target = out / source.relative_to(shipped_folder())
    target.parent.mkdir(parents=True, exist_ok=True)
    site = dict(zip(DEFAULT_PLACES.texts(), places.texts(), strict=True))
    # In one pass, so that what was put in is not searched again.
    shipped = re.compile("|".join(rf"{re.escape(text)}\b" for text in site))
    text = shipped.sub(lambda found: site[found[0]], source.read_text("utf-8"))
    target.write_text(text, "utf-8")
    target.chmod(0o755 if source.parent.name == "scripts" else 0o644)
    return target


def _notify_conf(public_url: str, token: str, ca_file: str | None) -> str:
    address = urlsplit(public_url)
    unfit = address.scheme not in {"http", "https"} or not address.netloc
    if unfit or re.search(r'["\\\s]', public_url):
        raise UnfitForConf(f"public URL {public_url!r}: http(s):// and a host, no quotes or blanks")
    if not _TOKEN.fullmatch(token):
        raise UnfitForConf("the token: only letters, digits and . _ ~ + / = -")
    if ca_file is not None and not _PATH.fullmatch(ca_file):
        raise UnfitForConf(f"CA file {ca_file!r}: only letters, digits and . _ / + -")
    return NOTIFY_CONF.substitute(
        url=f"{public_url.rstrip('/')}/webhooks/icinga",
        token=token,
        trust=SYSTEM_TRUST if ca_file is None else f'cacert = "{ca_file}"',
    )


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o640)
    path.chmod(0o640)
    path.write_text(text, "utf-8")
