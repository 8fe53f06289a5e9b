"""Seconds from the POST to the page at the provider, at 50 notifications a second."""

import json
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from bench.installation import databases, notification, percentile, running, show, world

PER_SECOND, SECONDS = 50, 20


class _Sink(BaseHTTPRequestHandler):
    arrived: dict[str, float] = {}  # noqa: RUF012
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.arrived.setdefault(body["title"].split()[2], time.time())
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    """Measure both databases; the baseline is a plain POST of the same size to the sink."""
    sink = ThreadingHTTPServer(("127.0.0.1", 0), _Sink)
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{sink.server_address[1]}"
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for engine, url in urls.items():
            _Sink.arrived.clear()
            with world(url, address) as made, running(made, "serve") as (at, _, _):
                time.sleep(2)
                sent: dict[str, float] = {}
                answered: list[float] = []
                plain: list[float] = []
                session = requests.Session()
                session.headers["Authorization"] = f"Bearer {made.token}"
                began = time.time()
                for number in range(PER_SECOND * SECONDS):
                    time.sleep(max(0.0, began + number / PER_SECOND - time.time()))
                    said = notification(number)
                    # P1, because its start delay is none.
                    said["vars"] = {"address": "acme-247@desk.example", "priority": 1}
                    sent[f"host{number:06}"] = time.time()
                    clock = time.perf_counter()
                    session.post(f"{at}/webhooks/icinga", json=said, timeout=10).raise_for_status()
                    answered.append(time.perf_counter() - clock)
                    if number % 10 == 0:
                        clock = time.perf_counter()
                        requests.post(f"http://{address}/", json={"title": "a b c"}, timeout=5)
                        plain.append(time.perf_counter() - clock)
                deadline = time.time() + 30
                while len(_Sink.arrived) < len(sent) + 1 and time.time() < deadline:
                    time.sleep(0.05)
            took = [
                _Sink.arrived[name] - moment
                for name, moment in sent.items()
                if name in _Sink.arrived
            ]
            show(
                name="latency",
                engine=engine,
                notifications=len(sent),
                arrived=len(took),
                p50_s=percentile(took, 0.5),
                p99_s=percentile(took, 0.99),
                webhook_p99_ms=percentile(answered, 0.99) * 1000,
                baseline_plain_post_p99_ms=percentile(plain, 0.99) * 1000,
            )


if __name__ == "__main__":
    main()
