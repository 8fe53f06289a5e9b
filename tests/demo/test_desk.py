"""The sample desk file is one that can be applied as it is."""

from importlib.resources import files
from pathlib import Path

from bridge.desk_file.loading import load
from bridge.desk_file.reading import read_files
from tests.desk_file.schema import complaints

DESK = Path(str(files("bridge.demo") / "desk.yaml"))


def test_the_sample_can_be_applied() -> None:
    document = load([DESK]).document

    assert [customer.number for customer in document.customers or ()] == ["1001", "1002", "1003"]


def test_the_sample_is_valid_by_the_schema() -> None:
    assert complaints(read_files([DESK]).data) == []


def test_the_sample_needs_no_secrets_and_no_icinga() -> None:
    document = load([DESK]).document

    urls = [url for person in document.staff or () for url in person.channels.values()]
    assert all(str(url).startswith("json://127.0.0.1:8080/demo/phone/") for url in urls)
    assert [source.api for source in document.sources or ()] == [None]
    assert document.mailboxes is None
