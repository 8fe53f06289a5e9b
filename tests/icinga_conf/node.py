"""An Icinga node without Icinga: the script, its spool and its configuration."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.icinga import conf

SCRIPT = conf.shipped_folder() / "scripts/bridge-notify"
TOKEN = "a-token-nobody-should-see"

# What the script may use, with flock, which it can do without.
TOOLS = (
    *("sh", "awk", "cat", "curl", "date", "find", "flock", "grep", "id", "ln", "mkdir", "mv"),
    *("od", "readlink", "rm", "sleep", "tail", "tr"),
)


@dataclass(frozen=True)
class Node:
    """One spool folder, and what runs there."""

    folder: Path
    path: str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    @property
    def config(self) -> Path:
        return self.folder / "notify.conf"

    def point_to(self, url: str) -> None:
        """Write the configuration for this webhook."""
        self.config.write_text(f'url = "{url}"\nheader = "Authorization: Bearer {TOKEN}"\n')
        self.config.chmod(0o640)

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        """Run the script as Icinga does: a clean environment, its output in pipes."""
        return subprocess.Popen(
            [SCRIPT, *arguments],
            env={
                "PATH": self.path,
                "BRIDGE_NOTIFY_CONFIG": str(self.config),
                "BRIDGE_NOTIFY_SPOOL": str(self.spool),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Return the script's exit code and what it printed."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=60)
        return process.returncode, (out + err).decode()

    def notify(self, number: int = 1, **more: Any) -> tuple[int, str]:
        """Spool and try, with `number` to be recognised by."""
        return self.run(**notification(number, **more))

    def drain(self) -> tuple[int, str]:
        """Do what systemd's timer does."""
        return self.run("--drain")

    def put(self, *numbers: int) -> list[Path]:
        """Put notifications into the spool without a try, as if nobody had answered."""
        (self.spool / "work").mkdir(parents=True, exist_ok=True)
        files = [self.spool / f"{1795421240000000 + number}.{number}.json" for number in numbers]
        for number, file in zip(numbers, files, strict=True):
            file.write_text(json.dumps({"id": f"id-{number}", "number": number}) + "\n")
        return files

    def waiting(self) -> list[Path]:
        """Return the spooled files, oldest first."""
        return sorted(self.spool.glob("*.json"))

    def rejected(self) -> list[str]:
        """Return the names of what was set aside, with their reasons."""
        return sorted(path.name for path in (self.spool / "rejected").iterdir())

    def with_tools(self, **programs: str | None) -> "Node":
        """Return the same node with other programs by these names, or, for None, without them."""
        tools = self.folder / "tools"
        tools.mkdir()
        for name in TOOLS:
            found = programs.get(name, shutil.which(name))
            if found:
                (tools / name).symlink_to(found)
        return Node(self.folder, str(tools))


def notification(number: int = 1, **more: Any) -> dict[str, str]:
    """Return the environment of one notification as the drop-in hands it over."""
    content = {"type": "PROBLEM", "number": number, "host": {"name": "web01"}, **more}
    return {
        "BRIDGE_JSON": json.dumps(content, ensure_ascii=False),
        "BRIDGE_STAMP": str(time.time_ns() // 1000),
    }


def numbers(found: Iterable[dict[str, Any]]) -> list[int]:
    """Return the numbers of notifications, in their order."""
    return [entry["number"] for entry in found]


def command_lines() -> list[str]:
    """Return the command line of every process on this machine, as `ps` shows them."""
    lines = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                lines.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
    return lines
