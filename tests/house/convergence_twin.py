"""Knows static/js/reducer.js by heart: what a page holds of its streams, and what a message does to that."""

from dataclasses import dataclass, field
from typing import Any

BEHIND_MS = 1000
ANSWER_MS = 2000

Message = dict[str, Any]
Copy = dict[str, Any]  # {"version": 3, "html": "<tr …>"}


def key_of(message: Message) -> str:
    return f"{message['stream']}/{message['projection']}"


@dataclass
class Twin:
    """One page; test_convergence.py holds it against the real reducer on the same messages."""

    cursors: dict[str, Message | None]
    entities: dict[str, dict[str, Copy]] = field(default_factory=dict)
    behind: dict[str, float] = field(default_factory=dict)
    asked: dict[str, float] = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)  # why snapshots came

    def hear(self, message: Message, at: float) -> list[Message]:
        """Take a message; return what the page asks of the server."""
        match message["type"]:
            case "frame":
                return self._frame(message, at)
            case "heartbeat":
                self._heads(message["heads"], at)
                return self._overdue(at)
            case "tick":
                return self._overdue(at)
            case _:
                return []

    @property
    def shown(self) -> dict[str, Copy]:
        """Return the copy of each entity that the page shows."""
        return {entity: best(copies) for entity, copies in self.entities.items()}

    def _frame(self, message: Message, at: float) -> list[Message]:
        key = key_of(message)
        if key not in self.cursors:
            return []
        cursor = self.cursors[key]
        if message["after"] is None:
            self._replace(message, key)
        elif cursor and message["seq"] <= cursor["seq"]:
            if message["seq"] == cursor["seq"]:
                self._settled(key)
            return []
        elif not cursor or message["after"] > cursor["seq"]:
            return self._ask(key, at)
        for op in message["ops"]:
            self._apply(op, key)
        self.cursors[key] = {"seq": message["seq"], "tag": message["tag"]}
        self._settled(key)
        return []

    def _replace(self, message: Message, key: str) -> None:
        named = {op["entity"] for op in message["ops"]}
        for entity, copies in list(self.entities.items()):
            if key in copies and entity not in named:
                self._apply({"op": "gone", "entity": entity}, key)
        self.replaced.append(message.get("why", "new"))

    def _apply(self, op: Message, key: str) -> None:
        others = {k: copy for k, copy in self.entities.get(op["entity"], {}).items() if k != key}
        if op["op"] == "put":
            others[key] = {"version": op["version"], "html": op["html"]}
        self.entities[op["entity"]] = others
        if not others:
            del self.entities[op["entity"]]

    def _settled(self, key: str) -> None:
        self.behind.pop(key, None)
        self.asked.pop(key, None)

    def _ask(self, key: str, at: float) -> list[Message]:
        if key in self.asked and at - self.asked[key] < ANSWER_MS:
            return []
        self.asked[key] = at
        stream, _, projection = key.rpartition("/")
        place = self.cursors[key] or {"seq": None, "tag": ""}
        return [{"type": "resume", "stream": stream, "projection": projection, **place}]

    def _heads(self, heads: dict[str, int], at: float) -> None:
        behind: dict[str, float] = {}
        for key, cursor in self.cursors.items():
            head = heads.get(key.rpartition("/")[0])
            is_behind = key in self.behind if head is None else not cursor or head > cursor["seq"]
            if is_behind:
                behind[key] = self.behind.get(key, at)
        self.behind = behind

    def _overdue(self, at: float) -> list[Message]:
        wanted: list[Message] = []
        for key in self.cursors:
            is_lost = key in self.behind and at - self.behind[key] > BEHIND_MS
            is_unanswered = key in self.asked and at - self.asked[key] >= ANSWER_MS
            if is_lost or is_unanswered:
                wanted += self._ask(key, at)
        return wanted


def best(copies: dict[str, Copy]) -> Copy:
    """Return the copy with the higher version, the later told of equals."""
    found: Copy | None = None
    for copy in copies.values():
        if found is None or copy["version"] >= found["version"]:
            found = copy
    assert found
    return found
