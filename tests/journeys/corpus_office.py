"""Knows what each route of the administration takes when it is right."""

from tests.journeys.line import Line

_CLINIC = {
    "patient_group": "1",
    "host_group": "1",
    "mode": "on_demand",
    "zone": "UTC",
    "target": "5:00",
    "now_limit": "240",
    "accepts_now": "1",
    "accepts_scheduled": "1",
    "unavailable_text": "Not here.",
    "declined_text": "Not today.",
    "emergency_text": "Call 112.",
}
OFFICE = {
    ("POST", "/admin/people/new"): Line(
        "Ruth Gold", {"name": "Somebody", "zone": "UTC"}, ("zone",), {"name": 200, "phone": 40}
    ),
    ("POST", "/admin/people/{id}"): Line(
        "Ruth Gold",
        {"name": "Mia", "zone": "UTC"},
        ("zone",),
        {"name": 200, "phone": 40},
        number="6",
    ),
    ("POST", "/admin/people/{id}/roles"): Line(
        "Ruth Gold", {"do": "add", "role": "schedulers:1"}, ("do", "role"), number="6"
    ),
    ("POST", "/admin/people/{id}/invitation"): Line("Ruth Gold", number="6"),
    ("POST", "/admin/people/{id}/sign-out"): Line("Ruth Gold", number="6"),
    ("POST", "/welcome/{token}"): Line("", {"password": "a long enough one"}),
    ("POST", "/admin"): Line("Ruth Gold", {"name": "x", "zone": "UTC"}, ("zone",), {"name": 200}),
    ("POST", "/admin/clinics/new"): Line(
        "Ruth Gold",
        _CLINIC | {"name": "Westside", "services": "SERVICE"},
        ("target", "now_limit", "mode", "zone", "services"),  # a group of 0 is one to be made
        {"name": 200, "phone": 40, "emergency_text": 500},
    ),
    ("POST", "/admin/clinics/{id}"): Line(
        "Ruth Gold",
        _CLINIC | {"name": "Northside"},
        ("patient_group", "host_group", "target", "now_limit", "mode", "zone"),
        {"name": 200, "phone": 40, "emergency_text": 500},
        number="1",
    ),
    ("POST", "/admin/clinics/{id}/hours"): Line(
        "Ruth Gold",
        {"week": "set", "opens0_1": "00:00", "closes0_1": "00:00"},
        ("opens0_1", "closes0_1"),
        number="1",
    ),
    ("POST", "/admin/clinics/{id}/hours/closed"): Line(
        "Ruth Gold",
        {"first": "2099-12-25"},
        ("first",),  # the last day may be left empty
        {"reason": 100},
        number="1",
    ),
    ("POST", "/admin/clinics/{id}/hours/reopened"): Line(
        "Ruth Gold",
        {"first": "2099-12-25", "last": "2099-12-25"},
        ("first", "last"),
        {"reason": 100},
        number="1",
    ),
    ("POST", "/admin/clinics/{id}/services"): Line(
        "Ruth Gold",
        {"do": "up", "service": "SERVICE", "was": "SERVICE"},
        ("service", "do"),
        number="1",
    ),
    ("POST", "/admin/clinics/{id}/schedulers"): Line("Ruth Gold", {"name": "jordan"}, number="1"),
    ("POST", "/admin/clinics/{id}/schedulers/added"): Line(
        "Ruth Gold", {"person": "PATIENT"}, ("person",), number="1"
    ),
    ("POST", "/admin/clinics/{id}/schedulers/removed"): Line(
        "Ruth Gold", {"person": "PATIENT"}, ("person",), number="1"
    ),
    ("POST", "/admin/clinics/{id}/archive"): Line("Ruth Gold", {"confirmed": "1"}, number="2"),
    ("POST", "/admin/clinics/{id}/restoration"): Line("Ruth Gold", number="2"),
    ("POST", "/admin/services/new"): Line(
        "Ruth Gold",
        {"name": "Advice", "minutes": "10"},
        ("minutes",),
        {"name": 200, "description": 500, "payment": 200},
    ),
    ("POST", "/admin/services/{id}"): Line(
        "Ruth Gold",
        {"name": "Advice", "minutes": "10"},
        ("minutes",),
        {"name": 200, "description": 500, "payment": 200},
        number="1",
    ),
    ("POST", "/admin/groups"): Line(
        "Ruth Gold", {"kind": "hosts", "name": "Night"}, ("kind",), {"name": 200}
    ),
    **{
        ("POST", f"/admin/groups/{kind}/{{id}}{what}"): line
        for kind in ("patients", "hosts")
        for what, line in (
            ("", Line("Ruth Gold", {"name": "jordan"}, number="1")),
            ("/name", Line("Ruth Gold", {"name": f"Night {kind}"}, (), {"name": 200}, number="1")),
            ("/added", Line("Ruth Gold", {"person": "PATIENT"}, ("person",), number="1")),
            ("/removed", Line("Ruth Gold", {"person": "PATIENT"}, ("person",), number="1")),
        )
    },
}
OFFICE_READERS = {
    "/admin/audit": "Ruth Gold",
    "/admin/people/new": "Ruth Gold",
    "/admin/people/{id}": "Ruth Gold",
    "/welcome/{token}": "",
    "/admin/clinics": "Ruth Gold",
    "/admin/clinics/new": "Ruth Gold",
    "/admin/clinics/{id}": "Ruth Gold",
    "/admin/clinics/{id}/hours": "Ruth Gold",
    "/admin/clinics/{id}/services": "Ruth Gold",
    "/admin/clinics/{id}/schedulers": "Ruth Gold",
    "/admin/clinics/{id}/preview": "Ruth Gold",
    "/admin/clinics/{id}/archive": "Ruth Gold",
    "/admin/services": "Ruth Gold",
    "/admin/services/new": "Ruth Gold",
    "/admin/services/{id}": "Ruth Gold",
    "/admin/groups": "Ruth Gold",
    "/admin/groups/patients/{id}": "Ruth Gold",
    "/admin/groups/hosts/{id}": "Ruth Gold",
}
