"""Who is told what, all over: every body, frame, header, address, title and log line of a day."""

import asyncio
import logging
import re

import pytest

from dispatch.vocabulary import RequestStatus
from server.app import create_app
from server.rendering.letters import Letters
from server.settings import Settings
from tests.journeys.console import Console
from tests.journeys.eavesdropper import (
    ANSWER,
    BORN,
    EMAIL,
    NAME,
    NOTE,
    PHONE,
    REASON,
    RECORD,
    RESPONSE,
    ROLES,
    SCHEDULER,
    SIGN,
    Listener,
    everybody,
    populate,
)

# By word: who may read it in a page, and who in a live frame. Everybody else reads it nowhere.
STAFF = {"scheduler", "host of the group"}
IN_PAGES = {
    NAME: {*STAFF, "requester", "administrator"},
    NOTE: {*STAFF, "requester"},
    SIGN: {*STAFF, "requester"},
    ANSWER: {*STAFF, "requester"},
    RESPONSE: {"scheduler", "requester"},
    REASON: set(),
    SCHEDULER: {*STAFF, "administrator"},  # a requester never reads who is looking
    EMAIL: {"scheduler", "administrator"},
    PHONE: {"scheduler"},
    BORN.strftime("%d %b %Y"): {"scheduler"},  # to tell two of the same name apart
    RECORD: set(),
    "the room": set(),  # whoever joins is sent there, and no page or frame says where it is
}
IN_FRAMES = {
    NAME: STAFF,  # one's own card does not say one's own name
    NOTE: {*STAFF, "requester"},
    SIGN: {*STAFF, "requester"},
    ANSWER: {"host of the group", "requester"},  # the dialog asks for it, no row of a board has it
    RESPONSE: {"scheduler", "requester"},
    REASON: set(),
    SCHEDULER: STAFF,
    EMAIL: set(),
    PHONE: set(),
    BORN.strftime("%d %b %Y"): set(),
    RECORD: set(),
    "the room": set(),
}
FORM = {
    "do": "save", "was": "0", "count": "2", "has_note": "1",
    "key_1": "1", "kind_1": "short_text", "label_1": "Signs", "board_1": "1", "required_1": "1",
    "key_2": "2", "kind_2": "long_text", "label_2": "Medicines",
}  # fmt: skip
# In the source of a page that a browser asks for, a name may only stand where a person reads it.
OURS = ("uvicorn", "server", "dispatch", "asyncio", "py.warnings", "starlette")


@pytest.fixture
async def day(console: Console, caplog: pytest.LogCaptureFixture) -> dict[str, Listener]:
    """Play the day with everybody watching; return what they were told."""
    for name in OURS:
        caplog.set_level(logging.DEBUG, name)
    await populate(console)
    roles = await everybody(console)
    rosa, lee, jordan = roles["scheduler"], roles["host of the group"], roles["requester"]
    desk = console.desk
    north = desk.clinics["Northside"]
    host = str(desk.people["Lee Chen"].person_id)
    asking = {"clinic": str(north.id), "service": str(north.services[0].id), "type": "Now"}

    async def all_look(*numbers: int) -> None:
        for listener in roles.values():
            await listener.look_around(numbers)

    form = f"/admin/clinics/{north.id}/form"
    saved = await roles["administrator"].post(form, **FORM)
    assert saved.headers["location"] == f"{form}?saved=1"
    answers = {"form_version": "1", "q1": SIGN, "q2": ANSWER}
    await jordan.post("/requests/new", **asking, **answers, note=NOTE)
    await roles["administrator"].get(form)
    await rosa.post("/requests/1001/claim", tab="tab-of-scheduler")
    await all_look(1001)
    await roles["host of the group"].post("/requests/1001/pass", response=REASON)
    await all_look(1001)
    accepted = {"version": "1", "host": host, "time": "now", "confirm": "unavailable"}
    await rosa.post("/requests/1001/acceptance", **accepted, response=RESPONSE)
    assert (await console.request(1001)).status is RequestStatus.ACCEPTED
    await all_look(1001)
    for other in roles.values():  # too late, and not theirs: refusals say nothing either
        await other.post("/requests/1001/acceptance", **accepted, response=RESPONSE[:3])
        await other.post("/requests/1001/withdrawal")
    await rosa.post("/scheduling/requests/new", do="find", patient=NAME, clinic=str(north.id))
    await rosa.post("/scheduling/decided", q=NAME)
    await rosa.post("/requests/1001/return", version="2")
    await lee.post("/requests/1001/acceptance", version="3", time="now", confirm="unavailable")
    await rosa.post("/requests/1001/return", version="4")
    await rosa.post("/requests/1001/decline", version="5", response=RESPONSE)
    await all_look(1001)
    console.clock.put_on(11)
    await console.until_settled(1001)
    await all_look(1001)
    for listener in roles.values():
        await listener.hang_up()
    return roles


async def test_every_word_is_read_by_those_of_the_table_and_nobody_else(
    console: Console, day: dict[str, Listener], caplog: pytest.LogCaptureFixture
) -> None:
    # S20 S28 S34 S55 S67 S69 S77: the table is literal; a word that nobody reads proves nothing
    # The unguessable parts of the video links.
    links = {str(room) for (room,) in console.rows("SELECT room FROM video_session")}
    assert links

    def holds(texts: list[str], word: str) -> bool:
        words = links if word == "the room" else {word}
        return any(one in text for one in words for text in texts)

    wrong = []
    for where, table in (("bodies", IN_PAGES), ("frames", IN_FRAMES)):
        for word, allowed in table.items():
            for role, listener in day.items():
                told: list[str] = getattr(listener, where)
                if holds(told, word) != (role in allowed):
                    verb = "never reads" if role in allowed else "reads"
                    wrong.append(f"{role} {verb} {word} in {where}")
    assert not wrong, "\n".join(wrong)
    secrets = [NAME, NOTE, SIGN, ANSWER, RESPONSE, REASON, SCHEDULER, EMAIL, PHONE, RECORD]
    for word in secrets:
        for role, listener in day.items():
            assert not holds(listener.titles, word), (role, word, "in a title")
            assert not holds(listener.headers, word), (role, word, "in a header")
            assert not holds(listener.addresses, word), (role, word, "in an address")
    logged = [*caplog.get_records("setup"), *caplog.get_records("call")]
    records = [record for record in logged if record.name.startswith(OURS)]
    lines = [f"{record.getMessage()} {record.args} {record.exc_text}" for record in records]
    assert len(lines) > 20, "hardly anything was logged, so nothing is known"
    for word in [*secrets, *links]:
        assert not [line for line in lines if word in line], f"{word} in the log"


async def test_an_answer_is_kept_in_its_own_table_and_in_no_message(
    console: Console, day: dict[str, Listener]
) -> None:
    # S77: one that is not for the board, followed through everything that was kept and sent
    tables = [str(name) for (name,) in console.rows(_TABLES)]
    kept = {
        table
        for table in tables
        if any(ANSWER in str(row) for row in console.rows(f'SELECT * FROM "{table}"'))
    }
    assert kept == {"request_answers"}
    notes = [str(note) for (note,) in console.rows("SELECT note FROM request")]
    assert any(SIGN in note for note in notes)
    write = Letters("https://desk.example.org").words
    told = [
        await console.desk.store.read(lambda reading: reading.letter(key))
        for (key,) in console.rows("SELECT id FROM outbox")
    ]
    letters = [write(letter) for letter in told if letter]
    assert len(letters) >= 4, "hardly anything was told, so nothing is known"
    for word in (ANSWER, SIGN, NOTE):
        assert not [each.subject for each in letters if word in f"{each}"], word


async def test_a_foreign_stream_closes_the_socket(console: Console) -> None:
    # S34 S55 S67
    await populate(console)
    desk = console.desk
    north = desk.clinics["Northside"]
    jordan, lee = desk.people[ROLES["requester"]].person_id, desk.people["Lee Chen"].person_id
    foreign = [
        (f"clinic:{north.id}", "board"),
        (f"clinic:{north.id}", "decided"),
        (f"clinic:{north.id}", "sessions"),
        (f"hosts:{north.host_group.id}", "host"),
        (f"host:{lee}", "host"),
        (f"patient:{jordan}", "patient"),
    ]
    asked = 0
    for role in ("other clinic's scheduler", "other account's scheduler", "other host",
                 "other requester", "administrator"):  # fmt: skip
        for place in foreign:
            listener = Listener(role, await console.client(ROLES[role]))
            await listener.listen(console, [place])
            assert listener._reading
            await asyncio.wait_for(listener._reading, 30)
            assert listener.refused_with == 4403, (role, place)
            assert listener.frames == []
            await listener.client.aclose()
            asked += 1
    assert asked == 30


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_NUMBER = re.compile(r"\{\w+:\w+\}")


def _routes_of_one() -> list[tuple[str, str]]:
    """Return every route that names a request or a person by number."""
    found = []
    for route in create_app(Settings()).routes:
        path = getattr(route, "path", "")
        for method in sorted(getattr(route, "methods", None) or ()):
            if _NUMBER.search(path) and method != "HEAD":
                found.append((method, path))
    return found


FIELDS = {
    "version": "1", "host": "4", "time": "now", "response": "x", "reason": "other", "tab": "tab-of-a-test",
    "disabled": "1", "confirm": "unavailable",
}  # fmt: skip
_CLOCK = re.compile(r'data-now="\d+"')


async def test_what_is_foreign_does_not_exist_byte_for_byte(console: Console) -> None:
    # S55 S67: for every route and everybody to whom it is foreign, in words and for scripts
    await populate(console)
    roles = {role: await console.client(name) for role, name in ROLES.items()}
    number = await console.desk.ask(ROLES["requester"], note=NOTE)
    person = console.desk.people["Far Rosa Lind"].person_id
    outsiders = [role for role in roles if role not in {*STAFF, "requester"}]
    routes = _routes_of_one()
    assert len(routes) >= 12
    for method, path in routes:
        is_person = "people" in path
        there, nowhere = (str(person), str(person + 900)) if is_person else (str(number), "9999")
        for role in outsiders:
            for accept in ("text/html", "application/json"):
                answers = []
                for key in (there, nowhere):
                    address = _NUMBER.sub(key, path)
                    data = FIELDS if method == "POST" else None
                    answer = await roles[role].request(
                        method, address, data=data, headers={"accept": accept}
                    )
                    body = _CLOCK.sub("", answer.text).replace(address, "/HERE")
                    headers = {
                        k: v.replace(key, "KEY") for k, v in answer.headers.items() if k != "date"
                    }
                    answers.append((answer.status_code, headers, body))
                headers_of = [
                    {k: v for k, v in a[1].items() if k != "content-length"} for a in answers
                ]
                assert answers[0][0] == answers[1][0], (method, path, role)
                assert headers_of[0] == headers_of[1], (method, path, role)
                assert answers[0][2] == answers[1][2], (method, path, role)
                assert answers[0][0] in (303, 401, 403, 404), (method, path, role, answers[0][0])
    assert (await console.request(number)).version == 1
    for client in roles.values():
        await client.aclose()
