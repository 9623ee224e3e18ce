"""Knows what can be wrong with a request to the server, and what each route of the app takes when it is right."""

import re

from server.app import create_app
from server.settings import Settings
from tests.journeys.corpus_office import OFFICE, OFFICE_READERS
from tests.journeys.line import Line

FORM = {"content-type": "application/x-www-form-urlencoded"}


_ANSWER = {
    "version": "1",
    "host": "HOST",
    "time": "TIME",
    "confirm": "unavailable",
    "response": "x",
}

_HOURS = {
    "repeats": "weekly",
    "weekdays": "1",
    "first_day": "2026-11-24",
    "starts": "09:00",
    "ends": "12:00",
}
_ONE_SLOT = ("repeats", "weekdays", "first_day", "last_day", "starts", "ends")
_AWAY = tuple(name for name in _ONE_SLOT if name != "last_day")
_CALENDAR = {
    ("POST", path + page): Line(role, fields, wrong)
    for path, role in (("/me/slots", "Eva Stone"), ("/admin/people/{id}/slots", "Ruth Gold"))
    for page, fields, wrong in (
        ("/new", _HOURS, _ONE_SLOT),
        ("/time-off", _HOURS, _AWAY),
        ("/copy", {"weekday": "1", "to": "2"}, ("weekday", "to")),
        ("/{rule}", _HOURS | {"version": "1"}, (*_ONE_SLOT, "version")),
        ("/{rule}/end", {"last_day": "2026-12-31", "version": "1"}, ("last_day", "version")),
        ("/{rule}/removal", {"version": "1"}, ("version",)),
    )
}
# Every route with a method that changes something. A route without its line fails the test.
LINES = {
    ("POST", "/sign-in"): Line("", {"email": "a@example.org", "password": "nobody's"}),
    ("POST", "/sign-out"): Line("", reads_form=False),
    ("POST", "/scheduling/decided"): Line("Rosa Lind", {"q": "jordan"}, words={"q": 100}),
    ("POST", "/scheduling/sessions"): Line("Rosa Lind", {"q": "jordan"}, words={"q": 100}),
    ("POST", "/scheduling/requests/new"): Line(
        "Rosa Lind",
        {"clinic": "CLINIC", "requester": "PATIENT", "service": "SERVICE", "type": "Now"},
        ("requester", "service", "host", "clinic"),
        {"note": 2000},
    ),
    ("POST", "/requests/{number}/acceptance"): Line(
        "Rosa Lind", _ANSWER, ("version", "host", "time"), {"response": 500}
    ),
    ("POST", "/requests/{number}/decline"): Line(
        "Rosa Lind", {"version": "1", "reason": "other"}, ("version", "reason"), {"response": 500}
    ),
    ("POST", "/requests/{number}/decline/undo"): Line("Rosa Lind"),
    ("POST", "/requests/{number}/claim"): Line("Rosa Lind", {"tab": "tab-of-rosa"}, ("tab",)),
    ("POST", "/requests/{number}/claim/release"): Line(
        "Rosa Lind", {"tab": "tab-of-rosa"}, ("tab",)
    ),
    ("POST", "/requests/{number}/withdrawal"): Line("Jordan Park"),
    ("POST", "/requests/{number}/dismissal"): Line("Jordan Park", {"then": "again"}),
    ("POST", "/requests/{number}/return"): Line("Rosa Lind", {"version": "1"}, ("version",)),
    ("POST", "/availability"): Line(
        "Lee Chen",
        {"state": "on", "until": "time", "until_time": "23:59"},
        ("state", "until", "until_time"),
    ),
    ("POST", "/availability/break"): Line("Lee Chen", {"minutes": "10"}, ("minutes",)),
    ("POST", "/availability/break/end"): Line("Lee Chen"),
    ("POST", "/dashboard/requests/{number}/acceptance"): Line(
        "Lee Chen", {"version": "1", "time": "TIME"}, ("version", "time"), {"response": 500}
    ),
    ("POST", "/dashboard/requests/{number}/decline"): Line(
        "Lee Chen", {"version": "1"}, ("version",), {"response": 500}, number="1002"
    ),
    ("POST", "/dashboard/requests/{number}/entrance"): Line(
        "Lee Chen", {"version": "1", "time": "now"}, ("version",), {"response": 500}
    ),
    ("POST", "/sessions/{id}/arrival"): Line("Mia Wells", {"tab": ""}),
    ("POST", "/sessions/{id}/departure"): Line("Mia Wells"),
    ("POST", "/sessions/{id}/start"): Line("Lee Chen"),
    ("POST", "/sessions/{id}/end"): Line("Lee Chen"),
    ("POST", "/sessions/{id}/no-show"): Line("Lee Chen"),
    ("POST", "/sessions/{id}/time"): Line(
        "Rosa Lind",
        {"revision": "1", "time_date": "2026-12-01", "time_time": "10:00"},
        ("revision",),
    ),
    ("POST", "/sessions/{id}/host"): Line(
        "Rosa Lind", {"revision": "1", "host": "HOST"}, ("revision",)
    ),
    ("POST", "/sessions/{id}/cancellation"): Line(
        "Rosa Lind", {"revision": "1", "tells": "1"}, ("revision",)
    ),
    ("POST", "/sessions/{id}/reminder"): Line("Rosa Lind"),
    ("POST", "/sessions/{id}/next"): Line(
        "Rosa Lind",
        {"time_date": "2026-12-01", "time_time": "10:00"},
    ),
    ("POST", "/admin/clinics/{id}/video"): Line(
        "Ruth Gold", {"kind": "none"}, ("kind",), number="1"
    ),
    ("POST", "/admin/clinics/{id}/video/links"): Line(
        "Ruth Gold",
        {"host": "HOST", "link": "https://video.example.org/x"},
        ("host",),
        number="1",
    ),
    ("POST", "/requests/{number}/pass"): Line("Lee Chen", words={"response": 500}),
    ("POST", "/requests/new"): Line(
        "Mia Wells",
        {"clinic": "CLINIC", "service": "SERVICE", "type": "Now"},
        ("clinic", "service", "type", "host"),
        {"note": 2000},
    ),
    ("POST", "/admin/clinics/{id}/form"): Line(
        "Ruth Gold",
        {
            "do": "save",
            "was": "0",
            "count": "1",
            "key_1": "1",
            "kind_1": "date",
            "label_1": "When?",
        },
        ("key_1", "kind_1"),
        {"label_1": 200, "help_1": 500},
        number="2",  # a clinic in which nobody of this corpus asks
    ),
    **_CALENDAR,
    ("POST", "/me/settings"): Line("Jordan Park", {"zone": "Europe/Paris"}, ("zone",)),
    ("POST", "/r"): Line("", {"email": "jordan@example.org"}),
    ("POST", "/r/{token}"): Line("", {"do": "withdraw"}),
    **OFFICE,
    ("POST", "/admin/people"): Line("Ruth Gold", {"name": "jordan"}),
    ("POST", "/admin/people/{id}/disabled"): Line("Ruth Gold", {"disabled": "1"}, number="6"),
    ("POST", "/admin/people/import"): Line("Ruth Gold", {"do": "check"}),
    ("POST", "/admin/clinics/{id}/replies"): Line(
        "Ruth Gold", {"title": "x", "text": "y"}, number="1"
    ),
    ("POST", "/admin/clinics/{id}/replies/declines"): Line("Ruth Gold", {"other": "x"}, number="1"),
    ("POST", "/admin/clinics/{id}/replies/{reply}"): Line("Ruth Gold", {"do": "up"}),
    ("POST", "/admin/clinics/{id}/alerts"): Line(
        "Ruth Gold", {"email": "", "minutes": "5"}, ("minutes",), number="1"
    ),
    ("POST", "/admin/delivery/{id}/again"): Line("Ruth Gold", {}),
    ("POST", "/admin/booking"): Line("Ruth Gold", {"services": "SERVICE"}, ("services",)),
    ("POST", "/admin/booking/calendar"): Line(
        "Ruth Gold", {"clinic": "CLINIC", "slug": "north"}, ("clinic", "host")
    ),
    ("POST", "/admin/booking/providers"): Line("Ruth Gold", {"clinic": "CLINIC"}, ("clinic",)),
    ("POST", "/book/{slug}/you"): Line("", {"service": "SERVICE"}),
    ("POST", "/book/{slug}/questions"): Line("", {"service": "SERVICE"}),
    ("POST", "/book/{slug}/review"): Line("", {"service": "SERVICE"}),
    ("POST", "/book/{slug}/requests"): Line("", {"service": "SERVICE"}),
    ("POST", "/booking/{token}"): Line(""),
}
# Who reads which page; asking for it changes nothing.
READERS = {
    "/": "Rosa Lind",
    **OFFICE_READERS,
    "/admin/clinics/{id}/form": "Ruth Gold",
    "/admin/clinics/{id}/replies": "Ruth Gold",
    "/admin/clinics/{id}/alerts": "Ruth Gold",
    "/admin/people": "Ruth Gold",
    "/admin/people/import": "Ruth Gold",
    "/admin/delivery": "Ruth Gold",
    "/admin/booking": "Ruth Gold",
    "/book/{slug}": "",
    "/book/{slug}/times": "",
    "/book/{slug}/you": "",
    "/book/{slug}/questions": "",
    "/book/{slug}/sent": "",
    "/booking/{token}": "",
    "/sign-in": "",
    "/healthz": "",
    "/readyz": "",
    "/metrics": "",
    "/scheduling/requests": "Rosa Lind",
    "/scheduling/decided": "Rosa Lind",
    "/scheduling/sessions": "Rosa Lind",
    "/scheduling/requests/new": "Rosa Lind",
    "/requests/{number}/assignment": "Rosa Lind",
    "/dashboard": "Lee Chen",
    "/me/settings": "Jordan Park",
    "/me/slots": "Eva Stone",
    "/me/slots/new": "Eva Stone",
    "/me/slots/time-off": "Eva Stone",
    "/me/slots/{rule}": "Eva Stone",
    "/admin/people/{id}/slots": "Ruth Gold",
    "/admin/people/{id}/slots/new": "Ruth Gold",
    "/admin/people/{id}/slots/time-off": "Ruth Gold",
    "/admin/people/{id}/slots/{rule}": "Ruth Gold",
    "/requests": "Jordan Park",
    "/requests/new": "Mia Wells",
    "/requests/now": "Jordan Park",
    "/requests/{number}": "Jordan Park",
    "/sessions/{id}": "Lee Chen",
    "/sessions/{id}/video": "Lee Chen",
    "/sessions/{id}/manage": "Rosa Lind",
    "/admin/clinics/{id}/video": "Ruth Gold",
    "/r": "",
    "/r/{token}": "",
    "/r/{token}/live": "",
    "/admin": "Ruth Gold",
    "/live": "Rosa Lind",
    "/static/{release}/{path}": "",
}

# Bodies that are no form, and what they are answered with; (name, body, headers, statuses).
BODIES: tuple[tuple[str, bytes, dict[str, str], set[int]], ...] = (
    ("half an escape", b"note=%", FORM, {422}),
    ("invalid UTF-8, escaped", b"note=%ff%fe&version=1", FORM, {422}),
    ("invalid UTF-8, raw", b"note=\xff\xfe", FORM, {422}),
    ("a NUL", b"note=a%00b&version=1", FORM, {422}),
    ("a NUL in a name", b"ver%00sion=1", FORM, {422}),
    ("a lone surrogate", b"note=%ed%a0%80", FORM, {422}),
    ("too many fields", b"&".join(b"a%d=1" % n for n in range(300)), FORM, {422}),
    ("JSON", b'{"version": 1}', {"content-type": "application/json"}, {422}),
    ("plain text", b"version=1", {"content-type": "text/plain"}, {422}),
    ("no type at all", b"version=1", {"content-type": ""}, {422}),
    ("multipart without a boundary", b"--x", {"content-type": "multipart/form-data"}, {400, 422}),
    (
        "a broken multipart",
        b'--x\r\nContent-Disposition: form-data; name="ver',
        {"content-type": "multipart/form-data; boundary=x"},
        {400, 422},
    ),
    (
        "a file",
        b'--x\r\nContent-Disposition: form-data; name="note"; filename="a"\r\n\r\nhi\r\n--x--\r\n',
        {"content-type": "multipart/form-data; boundary=x"},
        {400, 422},
    ),
    ("a 100 kB note", b"note=" + b"n" * 100_000, FORM, {413}),
    ("one byte too many", b"note=" + b"n" * (64 * 1024 - 4), FORM, {413}),
)
CROSS_SITE: tuple[dict[str, str], ...] = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": ""},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"referer": "https://evil.example/"},
    {},
)
# What is no number, no time and no choice. Among them are digits of other scripts.
NUMBERS = (
    "-1", "0", "9" * 15, "9" * 16, "9" * 400, str(2**53 + 1), str(2**63), str(2**64), "1e5", "1.0", "0x1",
    "\u0661\u0662", "\u00b2", "\uff11", " ", "+1", "1_0", "NaN", "abc", "1\r\nX-Evil: yes", "' OR 1=1 --", "<b>",
    "2020-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-02-30T10:00",
)  # fmt: skip
IN_PATHS = ("0", "9" * 15, str(2**53), str(2**53 + 1), str(2**63), str(2**64), "9" * 400, "-1", "%D9%A1", "1.0",
            "abc", "%00", "1%0d%0aX-Evil:%20yes", "..%2f..%2fetc", "1;2", "%ff")  # fmt: skip


def routes_of_the_app() -> set[tuple[str, str]]:
    """Return (method, path) of everything that the app answers."""
    found = set()
    for route in create_app(Settings()).routes:
        path = re.sub(r":\w+}", "}", str(getattr(route, "path")))  # noqa: B009 - two kinds of route
        is_http = getattr(route, "methods", None)
        if not is_http:
            found.add(("GET", path))
        found |= {(method, path) for method in is_http or () if method != "HEAD"}
    return found


MEANS_NOTHING = {
    ("/requests/new", "host"),
    ("/admin/booking/calendar", "host"),
    ("/scheduling/requests/new", "host"),
    ("/requests/{number}/decline", "reason"),
}
TAB = re.compile("[A-Za-z0-9_-]{8,64}")


def is_right(path: str, name: str, value: str) -> bool:
    """Tell whether the value happens to be a good one for that field."""
    if name == "tab":
        return TAB.fullmatch(value) is not None
    if name == "weekdays":
        return value == "0"  # Monday
    if name == "last_day":
        return not value.strip()  # without end
    if path.endswith("/alerts"):
        return value == "0"  # at the target
    if path.endswith("/return"):
        return (
            value.isascii() and value.isdigit() and len(value) < 16
        )  # it waits, so it is back already
    return not value.strip() and (path, name) in MEANS_NOTHING
