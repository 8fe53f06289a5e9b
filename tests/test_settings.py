"""Settings: what a file, the environment and secret files say, and what is refused."""

from pathlib import Path

import pytest

from bridge import settings
from bridge.settings import BadSettings

SECRET = "s3cret-s3cret-s3cret-s3cret-s3cret"


def written(folder: Path, text: str) -> Path:
    path = folder / "given.toml"
    path.write_text(text, "utf8")
    return path


def refusal(config: Path | None = None, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(BadSettings) as caught:
        settings.load(config, environment or {})
    return str(caught.value)


def test_without_anything_it_is_sqlite_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    found = settings.load(environment={})

    assert found.database_url == "sqlite:///var/bridge.db"
    assert found.sqlite_file == Path("var/bridge.db")
    assert found.public_url == "http://127.0.0.1:8080"


def test_a_bridge_toml_in_the_folder_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bridge.toml").write_text('log_level = "debug"')

    assert settings.load(environment={}).log_level == "debug"


def test_a_variable_beats_the_file_and_the_option_beats_the_named_file(tmp_path: Path) -> None:
    config = written(tmp_path, 'log_level = "debug"\nweb_threads = 3')
    other = tmp_path / "other.toml"
    other.write_text('log_level = "error"')
    environment = {"BRIDGE_WEB_THREADS": "5", "BRIDGE_CONFIG": str(other), "HOME": "/nowhere"}

    by_variable = settings.load(None, environment)
    by_option = settings.load(config, environment)

    assert (by_variable.log_level, by_variable.web_threads) == ("error", 5)
    assert (by_option.log_level, by_option.web_threads) == ("debug", 5)


@pytest.mark.parametrize(
    ("variable", "value", "name", "found"),
    [
        pytest.param("BRIDGE_LOG_JSON", "true", "log_json", True, id="a truth"),
        pytest.param("BRIDGE_WEB_THREADS", " 8 ", "web_threads", 8, id="spaces around a number"),
        pytest.param(
            "BRIDGE_PROXIES", "10.0.0.1, 10.0.0.2,", "proxies", ("10.0.0.1", "10.0.0.2"),
            id="a list",
        ),
        pytest.param(
            "BRIDGE_PUBLIC_URL", "https://desk.example/", "public_url", "https://desk.example",
            id="a slash at the end",
        ),
    ],
)  # fmt: skip
def test_a_variable_is_read_as_what_it_is(
    variable: str, value: str, name: str, found: object
) -> None:
    assert getattr(settings.load(Path("/dev/null"), {variable: value}), name) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            'public_uri = "http://x"', "'public_uri'; did you mean public_url?", id="near"
        ),
        pytest.param("qqqqq = 1", "unknown setting 'qqqqq'", id="far from all"),
        pytest.param('log_level_file = "x"', "unknown setting 'log_level_file'", id="no secret"),
        pytest.param("web_threads = [", "not a TOML file", id="no TOML"),
        pytest.param("web_threads = 0", "web_threads: ", id="too small"),
        pytest.param('log_level = "loud"', "log_level: ", id="no choice"),
        pytest.param('public_url = "desk.example"', "public_url: ", id="no scheme"),
        pytest.param('public_url = "https://"', "public_url: ", id="no host"),
        pytest.param("reconcile_seconds = nan", "reconcile_seconds: ", id="no number"),
        pytest.param("secret_key_file = 5", "secret_key_file: ", id="a path that is a number"),
        pytest.param('secret_key_file = "\\u0000"', "secret_key_file: ", id="an impossible path"),
        pytest.param("web_threads = 0\nlog_json = 7", "log_json: ", id="all at once"),
    ],
)
def test_what_a_file_gets_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(written(tmp_path, text))


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        pytest.param("BRIDGE_DATABASE", "did you mean BRIDGE_DATABASE_URL?", id="too short"),
        pytest.param("BRIDGE_SECRET_KEYFILE", "BRIDGE_SECRET_KEY_FILE?", id="a secret's file"),
        pytest.param("BRIDGE_PUBLIC_URL_FILE", "did you mean BRIDGE_PUBLIC_URL?", id="no secret"),
        pytest.param("BRIDGE_", "unknown variable BRIDGE_ ", id="nothing"),
        pytest.param("BRIDGE_log_level", "did you mean BRIDGE_", id="small letters"),
    ],
)
def test_an_unknown_variable_is_refused_and_its_value_kept_quiet(variable: str, said: str) -> None:
    found = refusal(Path("/dev/null"), {variable: SECRET})

    assert said in found
    assert SECRET not in found


@pytest.mark.parametrize(
    "name", [pytest.param("missing.toml", id="missing"), pytest.param(".", id="a folder")]
)
def test_a_named_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    assert "cannot be read" in refusal(tmp_path / name)
    assert "cannot be read" in refusal(None, {"BRIDGE_CONFIG": str(tmp_path / name)})


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bridge.toml"
    path.write_bytes(b"\xff\xfe\x00")

    assert "not a TOML file" in refusal(path)


@pytest.mark.parametrize("name", ["secret_key", "database_url", "smtp_password"])
def test_a_secret_is_read_from_its_file(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")

    by_variable = settings.load(Path("/dev/null"), {f"BRIDGE_{name.upper()}_FILE": str(secret)})
    by_file = settings.load(written(tmp_path, f'{name}_file = "{secret}"'), {})

    assert getattr(by_variable, name) == getattr(by_file, name) == SECRET


def test_a_secret_in_a_variable_beats_a_secret_file_named_in_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("sqlite:///from-the-file.db")
    config = written(tmp_path, f'database_url_file = "{secret}"')

    found = settings.load(config, {"BRIDGE_DATABASE_URL": "sqlite:///from-the-variable.db"})

    assert found.database_url == "sqlite:///from-the-variable.db"


def test_a_secrets_file_beats_its_value_beside_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("sqlite:///b.db")
    environment = {"BRIDGE_DATABASE_URL": "sqlite:///a.db", "BRIDGE_DATABASE_URL_FILE": str(secret)}

    assert settings.load(Path("/dev/null"), environment).database_url == "sqlite:///b.db"


def test_a_secret_file_that_cannot_be_read_is_named_once_and_clearly(tmp_path: Path) -> None:
    path = tmp_path / "nobody" / "secret"

    found = refusal(Path("/dev/null"), {"BRIDGE_SECRET_KEY_FILE": str(path)})

    assert found == f"secret_key_file: cannot read {path}: No such file or directory"


def test_a_secret_file_of_bytes_is_refused_without_a_byte_of_it(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"\x80" + SECRET.encode())

    found = refusal(Path("/dev/null"), {"BRIDGE_SECRET_KEY_FILE": str(path)})

    assert "not a text file" in found
    assert "80" not in found.replace(str(path), "")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'secret_key = ["{SECRET}"]', id="a list"),
        pytest.param(f'database_url = {{url = "{SECRET}"}}', id="a table"),
        pytest.param(f'secret_key = "{SECRET}"\nweb_threads = "{SECRET}"', id="in a number"),
        pytest.param(f'secret_key = "{SECRET}', id="no end"),
        pytest.param(f'public_url = "{SECRET}"', id="in the wrong place"),
    ],
)
def test_no_refusal_repeats_a_value(tmp_path: Path, text: str) -> None:
    assert SECRET not in refusal(written(tmp_path, text))


def test_settings_are_shown_without_their_secrets() -> None:
    url = f"postgresql://bridge:{SECRET}@db/bridge"

    found = settings.Settings(database_url=url, secret_key=SECRET, smtp_password=SECRET)

    assert SECRET not in repr(found)
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        pytest.param("sqlite:///var/bridge.db", "var/bridge.db", id="relative"),
        pytest.param("sqlite:////srv/bridge.db", "/srv/bridge.db", id="absolute"),
        pytest.param("sqlite+pysqlite:////srv/bridge.db", "/srv/bridge.db", id="with its driver"),
        pytest.param("sqlite:////srv/bridge.db?timeout=9", "/srv/bridge.db", id="with options"),
        pytest.param("sqlite://", None, id="in memory"),
        pytest.param("postgresql://db/bridge", None, id="PostgreSQL"),
        pytest.param("postgresql:///bridge?host=/run/postgresql", None, id="PostgreSQL, socket"),
    ],
)
def test_the_file_of_the_database(url: str, path: str | None) -> None:
    found = settings.Settings(database_url=url).sqlite_file

    assert found == (Path(path) if path else None)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://127.0.0.1",
        "smtp://mail.example:2525",
        "smtp://desk@localhost",
        "smtps://desk%40example@mail.example",
        "smtp+starttls://desk@mail.example:587",
    ],
)
def test_a_mail_server_is_named_by_its_url(url: str) -> None:
    found = settings.load(Path("/dev/null"), {"BRIDGE_SMTP_URL": url, "BRIDGE_SMTP_PASSWORD": "pw"})

    assert found.smtp_url == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("mail.example", "smtp_url: ", id="no scheme"),
        pytest.param("https://mail.example", "smtp_url: ", id="another scheme"),
        pytest.param("smtps://", "smtp_url: ", id="no host"),
        pytest.param("smtps://mail.example:x", "smtp_url: ", id="no port"),
        pytest.param("smtps://mail.example/x", "smtp_url: ", id="a path"),
        pytest.param(f"smtps://desk:{SECRET}@mail.example", "PASSWORD_FILE", id="its password"),
        pytest.param("smtp://desk@mail.example", "in the clear", id="a password in the clear"),
        pytest.param("smtps://desk@mail.example", "smtp_password: ", id="no password"),
    ],
)
def test_what_is_no_mail_server_is_refused_and_its_password_kept_quiet(url: str, said: str) -> None:
    found = refusal(Path("/dev/null"), {"BRIDGE_SMTP_URL": url})

    assert said in found
    assert SECRET not in found
