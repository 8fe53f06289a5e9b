"""Posts notifications over 16 keep-alive connections, from a process of its own."""

import http.client
import json
import sys
import threading
import time
from urllib.parse import urlsplit

from bench.installation import notification

CLIENTS = 16


def _client(
    url: str, token: str, first: int, batch: int, until: float, took: list[float], counts: list[int]
) -> None:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    number = first
    while time.time() < until:
        several = [notification(number + step) for step in range(batch)]
        body = json.dumps(several[0] if batch == 1 else {"notifications": several})
        began = time.perf_counter()
        connection.request("POST", address.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - began)
        if answer.status not in {200, 202}:
            raise SystemExit(f"answered {answer.status}")
        counts.append(batch)
        number += batch


def main(url: str, token: str, batch: int, seconds: float) -> None:
    """Print a line of JSON: entries per second, and the seconds of each request."""
    took: list[float] = []
    counts: list[int] = []
    began = time.time()
    threads = [
        threading.Thread(
            target=_client,
            args=(url, token, client * 10_000_000, batch, began + seconds, took, counts),
        )
        for client in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"per_second": sum(counts) / (time.time() - began), "took": took}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
