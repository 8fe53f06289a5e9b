"""An escalation, looked at every half minute by simple means; nothing of Bridge is used.

Time is counted in half minutes. Who is in a step never changes, and a channel either always
accepts or always fails for good. Traces have the lines of tests/oncall/player.py.
"""

from dataclasses import dataclass, field

RULES = {
    "anna": (("push", 0), ("sms", 4), ("voice", 10)),
    "ben": (("push", 0), ("sms", 4), ("voice", 10)),
    "carl": (("sms", 0), ("voice", 3)),
    "duty": (("sms", 0), ("voice", 0)),
}
FALLBACK_AGAIN = 60
FIVE_MINUTES = 10
TEN_MINUTES = 20


@dataclass(eq=False)
class Sending:
    """One channel of a page, and when it is used."""

    at: int
    channel: str


@dataclass(eq=False)
class Call:
    """One page: what is still to be sent, and whether any of it arrived."""

    person: str
    waiting: list[Sending]
    arrived: bool = False

    @property
    def lost(self) -> bool:
        return not self.waiting and not self.arrived


@dataclass
class NaiveLadder:
    """steps: the people of each, and how long to wait. broken: `push anna` always fails."""

    steps: list[tuple[tuple[str, ...], int]]
    rounds: int
    times_out_after: int
    broken: frozenset[str]
    first_at: int = 0
    now: int = 0
    trace: list[str] = field(default_factory=list)
    mode: str = "live"
    plan: list[tuple[int, int]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    fired: dict[tuple[int, int], list[Call]] = field(default_factory=dict)
    last: tuple[int, int] | str | None = None
    last_calls: list[Call] = field(default_factory=list)
    owner: str | None = None
    owners_call: list[Call] = field(default_factory=list)
    step_at: int | None = None
    asked_until: int | None = None
    remind_at: int | None = None
    expires_at: int | None = None
    told: set[tuple[str, str, object]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.plan = self.whole_plan()
        self.step_at = self.first_at

    def whole_plan(self) -> list[tuple[int, int]]:
        return [(r, k) for r in range(1, self.rounds + 1) for k in range(1, len(self.steps) + 1)]

    def say(self, text: str) -> None:
        self.trace.append(f"{self.now / 2:g} {text}")

    def tell(self, news: str, people: set[str], mark: object = None) -> None:
        for person in people:
            if (news, person, mark) not in self.told:
                self.told.add((news, person, mark))
                self.say(f"{news} {person}")

    # What happens.

    def advance(self, until: int) -> None:
        """Let time pass up to, but without, what is due at `until`."""
        while self.now < until:
            self.settle()
            self.now += 1

    def settle(self) -> None:
        """Do all that is due now."""
        while self.is_due() or any(self.due_calls()):
            was_due = self.is_due()
            for call, one in self.due_calls():
                if one in call.waiting:
                    self.send(call, one)
            if was_due:
                self.tick()

    def due_calls(self) -> list[tuple[Call, Sending]]:
        return [(call, one) for call in self.calls for one in call.waiting if one.at <= self.now]

    def is_due(self) -> bool:
        moments = (self.step_at, self.asked_until, self.remind_at, self.expires_at)
        return any(one is not None and one <= self.now for one in moments)

    def tick(self) -> None:
        def has_come(moment: int | None) -> bool:
            return moment is not None and moment <= self.now

        if has_come(self.asked_until) or has_come(self.expires_at):
            self.give_back()
            self.begin_anew()
        elif has_come(self.remind_at):
            if self.owner:
                self.tell("reminder", {self.owner}, self.expires_at)
            self.remind_at = None
        elif has_come(self.step_at):
            self.fire_next()

    def send(self, call: Call, one: Sending) -> None:
        call.waiting.remove(one)
        fails = f"{one.channel} {call.person}" in self.broken
        self.say(f"{one.channel} {call.person}{' fails' if fails else ''}")
        if not fails:
            call.arrived = True
            return
        if call.waiting and call.waiting[0].at > self.now:
            call.waiting[0].at = self.now
        if not call.lost:
            return
        if call in self.owners_call and self.asked_until is not None:
            self.asked_until = self.now
        elif self.mode == "live" and call in self.last_calls and self.nobody_is_left():
            self.say("undeliverable")
            self.step_at = self.step_at if self.last == "fallback" else self.now

    def nobody_is_left(self) -> bool:
        return all(call.lost for call in self.last_calls)

    # What it does.

    def call(self, people: tuple[str, ...], first_only: bool = False) -> list[Call]:
        made = []
        for person in people:
            rules = RULES[person][: 1 if first_only else None]
            made.append(
                Call(person, [Sending(self.now + wait, channel) for channel, wait in rules])
            )
        self.calls += made
        return made

    def fire(self, position: tuple[int, int]) -> bool:
        people, wait = self.steps[position[1] - 1]
        self.last = position
        if not people:
            self.last_calls = []
            self.say("nobody")
            return False
        self.last_calls = self.fired[position] = self.call(people)
        self.step_at = self.now + wait
        return True

    def fire_next(self) -> None:
        empty = 0
        while self.plan and empty < len(self.steps):
            if self.plan[0][1] == 1 and self.plan[0][0] > 1:
                before = [
                    c for (r, _), cs in self.fired.items() if r == self.plan[0][0] - 1 for c in cs
                ]
                if all(call.lost for call in before):
                    break
            if self.fire(self.plan.pop(0)):
                return
            empty += 1
        self.fire_fallback()

    def fire_fallback(self) -> None:
        self.plan = []
        self.last = "fallback"
        self.last_calls = self.call(("duty",))
        self.step_at = self.now + FALLBACK_AGAIN

    def void(self) -> None:
        """Nothing that was planned is sent; what has been said may be said again."""
        self.silence()
        self.told = {one for one in self.told if one[0] == "reminder"}

    def silence(self) -> None:
        for call in self.calls:
            if call.waiting:
                call.waiting.clear()

    def clear(self) -> None:
        self.step_at = self.asked_until = self.remind_at = self.expires_at = None

    def begin_anew(self) -> None:
        self.void()
        self.clear()
        self.mode, self.plan = "live", self.whole_plan()
        self.fire_next()

    def give_back(self) -> None:
        self.say("un-acknowledged")
        self.owner = None

    # What people and problems do.

    def acknowledge(self, by: str) -> None:
        if self.mode == "over" or (self.mode == "taken" and self.asked_until is None):
            return
        hear = {call.person for call in self.calls if call.arrived}
        if self.mode == "taken":
            hear = {self.owner} if self.owner else set()
        self.silence()
        self.clear()
        self.mode, self.owner = "taken", by
        self.expires_at = self.now + self.times_out_after
        if self.times_out_after > TEN_MINUTES:
            self.remind_at = self.expires_at - TEN_MINUTES
        self.tell("taken", hear - {by})

    def worsen(self) -> None:
        if self.mode == "taken":
            self.ask_owner()
        elif self.mode == "live" and self.last is None:
            self.step_at = min(self.step_at or self.now, self.now)
        elif self.mode == "live":
            self.void()
            if self.last == "fallback":
                self.fire_fallback()
            elif not isinstance(self.last, tuple) or not self.fire(self.last):
                self.fire_next()

    def ask_owner(self) -> None:
        until = min(self.asked_until or self.now + FIVE_MINUTES, self.now + FIVE_MINUTES)
        self.void()
        self.clear()
        self.asked_until = until
        self.owners_call = self.call((self.owner or "",), first_only=True)

    def escalate(self) -> None:
        if self.mode == "taken":
            self.give_back()
            self.void()
            self.clear()
            self.mode = "live"
        if self.mode == "live":
            self.fire_next()

    def decline(self, by: str) -> None:
        if self.mode == "taken" and self.owner == by:
            self.escalate()
        elif self.mode == "live":
            for call in self.calls:
                if call.person == by:
                    call.waiting.clear()
            others = [call for call in self.last_calls if call.person != by]
            if len(others) < len(self.last_calls) and all(call.lost for call in others):
                self.fire_next()

    def recover(self) -> None:
        if self.mode != "over":
            hear = {call.person for call in self.calls if call.arrived}
            self.silence()
            self.clear()
            self.mode = "over"
            self.tell("recovered", hear)
