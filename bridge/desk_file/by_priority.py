"""Values by priority, in the order of the priorities."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator

from bridge.desk_file.values import Priority

Value = TypeVar("Value")


def _in_order(by_priority: dict[str, Value]) -> dict[str, Value]:
    return dict(sorted(by_priority.items()))


ByPriority = Annotated[dict[Priority, Value], AfterValidator(_in_order)]
