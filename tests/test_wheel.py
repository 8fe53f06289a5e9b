"""The wheel: built from the checkout, it runs alone, in an empty environment somewhere else."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("BRIDGE_", "PYTHON"))}


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=CLEAN,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    out = tmp_path_factory.mktemp("dist")
    _run(
        sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", out, ROOT, cwd=ROOT
    )
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_everything_that_is_not_python(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for part in (
        "bridge/dashboard/static/vendor/htmx.min.js",
        "bridge/translations/de.po",
        "bridge/sla/report.typ",
        "bridge/desk_file/desk.schema.json",
        "bridge/demo/desk.yaml",
        "bridge/schema/versions/0001_the_first_tables.py",
        "bridge/icinga_conf/scripts/bridge-notify",
    ):
        assert part in names
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _serving(command: Sequence[str | Path], cwd: Path, port: int):  # type: ignore[no-untyped-def]
    with (cwd / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [*map(str, command), "serve", "--port", str(port)],
            cwd=cwd,
            env=CLEAN,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _answer(url: str, within_seconds: float = 30) -> bytes:
    deadline = time.monotonic() + within_seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bytes(answer.read())
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.timeout(600)
def test_the_wheel_runs_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    bridge = python.with_name("bridge")
    _run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "run.txt", cwd=tmp_path)
    _run(*pip, "--no-deps", wheel, cwd=tmp_path)

    version = _run(bridge, "--version", cwd=tmp_path)
    written = _run(bridge, "icinga", "conf", "--out", tmp_path / "conf", cwd=tmp_path)
    desk = _run(
        python,
        "-c",
        "import bridge.demo as d, pathlib; print(pathlib.Path(d.__file__).with_name('desk.yaml'))",
        cwd=tmp_path,
    ).strip()
    applied = _run(bridge, "apply", desk, cwd=tmp_path)
    port = _free_port()
    with _serving([bridge], tmp_path, port):
        alive = _answer(f"http://127.0.0.1:{port}/healthz")
        page = _answer(f"http://127.0.0.1:{port}/login")
        script = _answer(f"http://127.0.0.1:{port}/static/vendor/htmx.min.js")

    assert version.startswith("bridge, version")
    assert "commands.conf" in written
    assert "+ customers 1001" in applied
    assert b"ok" in alive
    assert b"<form" in page
    assert b"htmx" in script
    assert (tmp_path / "var" / "bridge.db").exists()
