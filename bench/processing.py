"""How many tickets a second one worker makes of a full inbox, beside bare commits."""

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.installation import SOURCE, databases, notification, show, world
from bench.intake import bare_commits
from bridge import utc
from bridge.inbox import actions as inbox
from bridge.inbox.actions import Incoming
from bridge.worker.processing import Processor

TICKETS = 3000


def main(tickets: int = TICKETS) -> None:
    """Measure both databases."""
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for engine, url in urls.items():
            with world(url) as made:
                bare = bare_commits(made)
                with made.installation.database.transaction() as session:
                    session.connection().exec_driver_sql("DELETE FROM inbox")
                    said = [notification(number) for number in range(tickets)]
                    now = utc.now()
                    incoming = [
                        Incoming(
                            SOURCE,
                            "icinga",
                            str(s["id"]),
                            s["host"]["name"],  # type: ignore[index]
                            now,
                            json.dumps(s),
                        )
                        for s in said
                    ]
                    inbox.keep(session, incoming, now)
                processor = Processor(made.installation)
                done, steps, began = 0, [], time.perf_counter()
                while done < tickets:
                    at = time.perf_counter()
                    done += processor.step()
                    steps.append(time.perf_counter() - at)
                rate = tickets / (time.perf_counter() - began)
                show(
                    name="processing",
                    engine=engine,
                    tickets=tickets,
                    tickets_per_second=rate,
                    longest_batch_ms=max(steps) * 1000,
                    baseline_bare_commits_per_second=bare,
                    ratio=rate / bare,
                )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
