"""One Icinga with our drop-in, and one sink, for all tests of this folder that ask for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.icinga_conf.node import Node
from tests.icinga_conf.world import World, configuration
from tests.lab import dropin
from tests.lab.icinga import Icinga
from tests.lab.requirements import need
from tests.lab.sink import Sink


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """An Icinga that notifies a sink through the drop-in."""
    icinga = Icinga()
    with Sink() as sink:
        drop_in = dropin.install(icinga, sink.public_url)
        for name, text in configuration(icinga.folder).items():
            icinga.write(name, text)
        with icinga:
            yield World(icinga, sink, drop_in)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A sink of this test's own."""
    with Sink() as sink:
        yield sink


@pytest.fixture
def node(tmp_path: Path, sink: Sink) -> Node:
    """A node that sends to the sink."""
    need("curl", "apt install curl")
    node = Node(tmp_path)
    node.point_to(sink.url)
    return node
