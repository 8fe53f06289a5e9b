"""The drop-in for a site: its paths, address and secrets, and nothing else changed."""

import filecmp
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bridge.icinga import conf

SITE = conf.Places(
    script="/opt/bridge/bin/notify",
    config="/opt/bridge/etc/site.conf",
    spool="/data/spool/bridge",
    user="icinga",
)


def _text(out: Path) -> str:
    return "\n".join(path.read_text() for path in out.rglob("*") if path.is_file())


def test_without_wishes_it_is_what_we_ship_and_a_notify_conf(tmp_path: Path) -> None:
    written = conf.render(tmp_path, "https://bridge.example")

    shipped = {path.relative_to(conf.shipped_folder()) for path in _files(conf.shipped_folder())}
    assert {path.relative_to(tmp_path) for path in written} == shipped | {Path("notify.conf")}
    assert all(
        filecmp.cmp(conf.shipped_folder() / path, tmp_path / path, shallow=False)
        for path in shipped
    )


def test_the_paths_of_the_site_replace_the_shipped_ones_everywhere(tmp_path: Path) -> None:
    conf.render(tmp_path, "https://bridge.example", places=SITE)

    text = _text(tmp_path)
    assert not re.search(r"/usr/lib/bridge|/etc/bridge/notify|/var/spool/bridge", text)
    assert "nagios" not in text
    assert 'const BridgeNotify = "/opt/bridge/bin/notify"' in text
    assert 'const BridgeConfig = "/opt/bridge/etc/site.conf"' in text
    assert 'const BridgeSpool = "/data/spool/bridge"' in text
    assert 'command = [ "/opt/bridge/bin/check_bridge" ]' in text
    assert "ExecStart=/opt/bridge/bin/notify --drain" in text
    assert "User=icinga" in text


def test_notify_conf_is_what_curl_reads(tmp_path: Path) -> None:
    curl = shutil.which("curl")
    assert curl
    conf.render(tmp_path, "http://127.0.0.1:9/", token="t0ken", ca_file="/etc/ssl/our-ca.crt")

    done = subprocess.run(
        [curl, "-q", "-sS", "-K", tmp_path / "notify.conf"],
        capture_output=True,
        text=True,
        check=False,
    )

    text = (tmp_path / "notify.conf").read_text()
    assert 'url = "http://127.0.0.1:9/webhooks/icinga"' in text
    assert 'header = "Authorization: Bearer t0ken"' in text
    assert 'cacert = "/etc/ssl/our-ca.crt"' in text
    assert done.returncode == 7, done.stderr
    assert "Warning" not in done.stderr


def test_secrets_are_readable_for_owner_and_group_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        conf.render(tmp_path, "https://bridge.example", token="t", api_password="secret-1")
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*.conf")}
    assert modes["notify.conf"] == modes["api-user.conf"] == 0o640
    assert 'password = "secret-1"' in (tmp_path / "bridge/api-user.conf").read_text()
    assert (tmp_path / "scripts/bridge-notify").stat().st_mode & 0o777 == 0o755


def test_a_second_time_changes_what_has_changed(tmp_path: Path) -> None:
    conf.render(tmp_path, "https://old.example", token="old", api_password="old-secret")
    conf.render(tmp_path, "https://new.example", token="new", api_password="new-secret")

    assert "old" not in (tmp_path / "notify.conf").read_text()
    assert 'password = "new-secret"' in (tmp_path / "bridge/api-user.conf").read_text()


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param({"public_url": "ftp://bridge.example"}, id="no web address"),
        pytest.param({"public_url": "https://"}, id="no host"),
        pytest.param({"public_url": 'https://bridge.example"\nproxy = "x'}, id="out of the quotes"),
        pytest.param({"token": 'a"b'}, id="token with a quote"),
        pytest.param({"token": ""}, id="empty token"),
        pytest.param({"api_password": 'a"b'}, id="password with a quote"),
        pytest.param({"api_password": "a\nb"}, id="password of two lines"),
        pytest.param({"ca_file": "relative.crt"}, id="relative CA file"),
    ],
)
def test_what_would_break_out_of_its_quotes_is_refused(
    tmp_path: Path, wish: dict[str, str]
) -> None:
    values = {"public_url": "https://bridge.example", **wish}

    with pytest.raises(conf.UnfitForConf):
        conf.render(tmp_path, **values)  # type: ignore[arg-type]

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "place",
    [
        pytest.param({"spool": "/var/spool/with blanks"}, id="blanks"),
        pytest.param({"script": "bridge-notify"}, id="relative"),
        pytest.param({"config": '/etc/"'}, id="quote"),
        pytest.param({"user": "root; id"}, id="user"),
    ],
)
def test_places_have_no_room_for_tricks(place: dict[str, str]) -> None:
    with pytest.raises(conf.UnfitForConf):
        conf.Places(**place)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
