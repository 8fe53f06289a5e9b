"""The command `sla verify`: are all clocks what the journal makes of them?"""

import click

from bridge import utc
from bridge.cli.calculate import sla
from bridge.cli.context import as_json, opened, print_result
from bridge.errors import Refused
from bridge.flows import nightly_proof, verifying
from bridge.flows.verifying import Portion
from bridge.installation import Installation
from bridge.sla.rows import Difference

# So many differences are told; the others are counted.
TOLD = 1000


class Differing(Refused):
    """Some clocks are not what the journal makes of them; which stands above."""


def add_to(_group: click.Group) -> None:
    """Add this command to those of `sla`."""
    sla.add_command(verify)


@click.command()
@click.option("--rebuild", is_flag=True, help="Write what was worked out into the table.")
@as_json
def verify(rebuild: bool, as_json: bool) -> None:
    """Work all clocks out from the journal again, and compare; exit 1 when one differs."""
    with opened() as installation:
        whole, clocks = _compared(installation, rebuild=rebuild)
    value = {
        "tickets": whole.tickets,
        "clocks": whole.clocks,
        "differences": [one.plain() for one in whole.differences],
        "differing_clocks": clocks,
        "rebuilt": rebuild,
    }
    lines = [*map(str, whole.differences), f"{whole.tickets} tickets, {whole.clocks} clocks"]
    print_result(value, lambda: "\n".join(lines), json_wanted=as_json)
    if clocks and not rebuild:
        hint = "bridge sla verify --rebuild writes what the journal says"
        raise Differing(f"{clocks} clocks differ from their journal: {hint}")


def _compared(installation: Installation, *, rebuild: bool) -> tuple[Portion, int]:
    """Return what came of all tickets, and how many clocks differ; write it down."""
    database, directories = installation.database, installation.directories
    began_at = utc.now()
    tickets = clocks = differing = 0
    last, told = -1, list[Difference]()
    for portion in verifying.portions(database, directories):
        tickets, clocks, last = tickets + portion.tickets, clocks + portion.clocks, portion.last
        differing += portion.differing
        told += portion.differences[: TOLD - len(told)]
        if rebuild:
            numbers = {one.ticket for one in portion.differences}
            verifying.rebuild_all(database, directories, numbers)
    whole = Portion(last, tickets, clocks, told)
    with database.transaction() as session:
        nightly_proof.keep(session, whole, differing, began_at, utc.now(), mended=rebuild)
    return whole, differing
