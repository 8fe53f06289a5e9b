"""What happens to a ticket, rule by rule, for clocks that are looked at minute by minute."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bridge.sla.facts import Fact
from tests.sla.naive import NaiveClock, NaiveTerms, NaiveTime, NaiveVersion, minute

DUE_TO_TARGET = ("kept", "missed")


class NaiveTicket(NaiveTime):
    """The clocks of one ticket."""

    def __init__(
        self, terms: Sequence[NaiveTerms], calendars: Mapping[str, Sequence[NaiveVersion]]
    ) -> None:
        super().__init__(terms, calendars)
        self.clocks: list[NaiveClock] = []
        self.revision = 0
        self.cls = self.priority = ""
        self.contract: int | None = None
        self.guaranteed = self.open = self.gone = self.answered = False
        self.last_word: int | None = None
        self.questions: list[int] = []
        self.waits: str | None = None

    # What is promised.

    def version(self, contract: int | None, at: int) -> NaiveTerms | None:
        found = [
            t
            for t in self.all_terms
            if t.contract == contract and t.revision <= self.revision and t.since <= at
        ]
        return found[-1] if found else None

    def running(self, name: str | None = None) -> list[NaiveClock]:
        return [c for c in self.clocks if c.stop is None and name in (None, c.name)]

    def start(self, name: str, at: int) -> None:
        terms = self.version(self.contract, at)
        target = terms.promise(self.cls, name, self.priority) if terms else None
        if terms is None or target is None:
            return
        calendars = [(-(10**9), terms.calendars[self.cls])]
        clock = NaiveClock(
            name, 0, terms.contract, terms, self.cls, self.priority, self.guaranteed, at, target,
            at, target, calendars, calendars, self.revision,
        )  # fmt: skip
        clock.nth = 1 + len([c for c in self.clocks if c.kind == clock.kind])
        self.clocks.append(clock)
        self.pause_or_not(at)

    def start_status(self, at: int) -> None:
        if (
            self.open
            and not self.running("status")
            and (self.answered or not self.running("response"))
        ):
            self.start("status", at)

    def start_what_is_missing(self, at: int) -> None:
        if not self.open:
            return
        for name in ("response", "solution"):
            before = [c for c in self.clocks if c.name == name]
            free = not before or before[-1].why == "no_longer_promised"
            if free and not (name == "response" and self.answered):
                self.start(name, at)
        if self.questions and not self.running("message"):
            self.start("message", at)
        self.start_status(at)

    # How clocks change.

    def pause_or_not(self, at: int) -> None:
        for clock in self.running("solution"):
            wanted = self.waits == "customer" or (
                self.waits == "third_party" and clock.terms.third_party
            )
            paused = bool(clock.pauses) and clock.pauses[-1][1] is None
            if wanted and not paused:
                clock.pauses.append((max(at, clock.start), None))
            elif paused and not wanted:
                self.unpause(clock, at)

    def renew(self, at: int, before: int | None, *, keep: bool = False) -> None:
        for clock in self.running():
            if self.is_missed(clock, at):
                continue
            moves = clock.contract == before and before != self.contract
            terms = self.version(self.contract if moves else clock.contract, at)
            if terms is None or terms.promise(self.cls, clock.name, self.priority) is None:
                if not keep:
                    self.end(clock, at, "no_longer_promised", "cancelled")
                continue
            self.retarget(clock, terms, self.cls, self.priority, at)
            if moves:
                clock.guaranteed = self.guaranteed
        self.start_what_is_missing(at)
        self.pause_or_not(at)

    def heard(self, at: int) -> None:
        self.answered = True
        self.last_word = at if self.last_word is None else max(at, self.last_word)
        self.questions = [asked for asked in self.questions if asked > at]

    # What happens.

    def happened(self, fact: Fact) -> None:
        assert fact.revision is not None
        self.revision = fact.revision
        for clock in self.running():
            clock.revision = fact.revision
        getattr(self, f"on_{fact.kind.value}")(minute(fact.at), fact.data)

    def on_opened(self, at: int, data: Mapping[str, Any]) -> None:
        self.cls, self.priority, self.contract = data["class"], data["priority"], data["contract"]
        self.guaranteed, self.open = data["guaranteed"], True
        self.start("response", at)
        self.start("solution", at)
        self.start_status(at)

    def on_acknowledged(self, at: int, _: Mapping[str, Any]) -> None:
        response = self.running("response")
        terms = response[0].terms if response else self.version(self.contract, at)
        default = "acknowledge" if self.cls == "fault" else "answer"
        if (terms.met_by.get(self.cls, default) if terms else default) != "acknowledge":
            return
        for clock in response:
            self.end(clock, at, "acknowledged")
        if not self.answered:
            self.heard(at)
        self.start_status(at)

    def on_answered(self, at: int, _: Mapping[str, Any]) -> None:
        for clock in self.running():
            is_update = clock.kind == "update" and clock.start <= at
            if is_update or clock.kind == "response":
                self.end(clock, at, "answered")
        self.heard(at)
        if self.questions and not self.running("message"):
            self.start("message", min(self.questions))
        self.start_status(at)

    def on_answer_withdrawn(self, at: int, _: Mapping[str, Any]) -> None:
        """It was left out beforehand."""

    def on_customer_wrote(self, at: int, data: Mapping[str, Any]) -> None:
        if self.gone:
            return
        if self.waits == "customer":
            self.waits = None
            self.pause_or_not(at)
        if self.answered and self.last_word is not None and at >= self.last_word:
            self.questions.append(at)
        if data["guaranteed"] and not self.guaranteed and self.version(data["contract"], at):
            self.contract, self.guaranteed = data["contract"], True
            for clock in self.running():
                if not clock.guaranteed:
                    self.end(clock, at, "guaranteed_anew", "cancelled")
                    self.start(clock.name, at)
            self.start_what_is_missing(at)
        if self.questions and not self.running("message"):
            self.start("message", at)

    def on_waiting(self, at: int, data: Mapping[str, Any]) -> None:
        if self.open:
            self.waits = data["for"]
            self.pause_or_not(at)

    def on_waiting_ended(self, at: int, _: Mapping[str, Any]) -> None:
        self.waits = None
        self.pause_or_not(at)

    def on_recovered(self, at: int, _: Mapping[str, Any]) -> None:
        for clock in self.running():
            self.end(clock, at, "recovered", "" if clock.name == "solution" else "cancelled")
        self.open, self.questions, self.waits = False, [], None

    def on_resolved(self, at: int, _: Mapping[str, Any]) -> None:
        for clock in self.running():
            self.end(clock, at, "resolved")
        self.open, self.questions, self.waits = False, [], None
        self.heard(at)

    def on_merged(self, at: int, _: Mapping[str, Any]) -> None:
        for clock in self.running():
            self.end(clock, at, "merged", "merged")
        self.open, self.gone, self.waits = False, True, None

    def on_reopened(self, at: int, data: Mapping[str, Any]) -> None:
        if self.gone:
            return
        self.open = True
        solutions = [c for c in self.clocks if c.name == "solution"]
        solution = solutions[-1] if solutions and solutions[-1].stop is not None else None
        if solution is not None and solution.state in DUE_TO_TARGET:
            assert solution.stop is not None
            solution.pauses.append((solution.stop, max(at, solution.stop)))
            solution.state, solution.stop, solution.why = "running", None, None
            solution.revision = self.revision
        self.waits = None
        self.pause_or_not(at)
        responses = [c for c in self.clocks if c.name == "response"]
        anew = not responses or responses[-1].state == "cancelled"
        if data["began"] and responses and responses[-1].why == "recovered":
            anew = True
        if anew and not self.answered:
            began = minute(datetime.fromisoformat(data["began"])) if data["began"] else at
            after = minute(datetime.fromisoformat(data["after"])) if data["after"] else began
            self.start("response", max(began, after))
        for clock in solutions[-1:]:
            if clock.stop is None and not self.is_missed(clock, at):
                moves = clock.contract != self.contract
                terms = self.version(self.contract if moves else clock.contract, at)
                if terms and terms.promise(self.cls, "solution", self.priority) is not None:
                    self.retarget(clock, terms, self.cls, self.priority, at)
                    clock.guaranteed = self.guaranteed if moves else clock.guaranteed
        self.start_status(at)

    def on_priority_raised(self, at: int, data: Mapping[str, Any]) -> None:
        self.priority = data["to"]
        self.renew(at, self.contract, keep=True)

    def on_priority_changed(self, at: int, data: Mapping[str, Any]) -> None:
        self.priority = data["to"]
        self.renew(at, self.contract)

    def on_class_changed(self, at: int, data: Mapping[str, Any]) -> None:
        self.cls, self.priority = data["to"], data["priority"]
        self.renew(at, self.contract)

    def on_contract_changed(self, at: int, data: Mapping[str, Any]) -> None:
        before, self.contract, self.guaranteed = self.contract, data["contract"], data["guaranteed"]
        if self.guaranteed and self.contract == before:
            for clock in self.running():
                clock.guaranteed = clock.guaranteed or clock.contract == before
        self.renew(at, before)

    def on_terms_changed(self, at: int, data: Mapping[str, Any]) -> None:
        for clock in self.running():
            for terms in self.all_terms:
                if (terms.contract, terms.version) == (clock.contract, data["contract_version"]):
                    promised = terms.promise(clock.cls, clock.name, clock.priority)
                    if promised is not None and not self.is_missed(clock, at):
                        self.retarget(clock, terms, clock.cls, clock.priority, at)
                    clock.terms = terms
        self.pause_or_not(at)

    def on_hours_changed(self, at: int, _: Mapping[str, Any]) -> None:
        """The revision says it all."""

    def on_clock_warned(self, at: int, data: Mapping[str, Any]) -> None:
        for clock in self.clocks:
            if (clock.kind, clock.nth) == (data["clock"], data["nth"]):
                clock.warned.append((data["percent"], at))


def naive_course(
    facts: Sequence[Fact],
    terms: Sequence[NaiveTerms],
    calendars: Mapping[str, Sequence[NaiveVersion]],
) -> NaiveTicket:
    """Return the ticket after these facts; an answer that came back was never one. R18."""
    ticket = NaiveTicket(terms, calendars)
    for nth, fact in enumerate(facts):
        kind, answer = fact.kind.value, fact.data.get("answer")
        withdrawn = any(
            later.kind.value == "answer_withdrawn" and later.data["answer"] == answer
            for later in facts[nth + 1 :]
        )
        if kind in ("answered", "waiting") and answer is not None and withdrawn:
            continue
        ticket.happened(fact)
    return ticket
