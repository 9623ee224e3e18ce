"""The demo's two virtual clinics: one on demand, one by calendar, each with its own groups."""

from dispatch.clinic import Clinic, Group, Service
from dispatch.vocabulary import AccountId, ClinicId, ClinicMode, GroupId, ServiceId

ACCOUNT_NAME = "Northside and Harbor (demo)"
NORTHSIDE = "Northside Urgent Care"
HARBOR = "Harbor Family Practice"
ZONE = "America/New_York"  # of the staff and of Northside
VIDEO_URL = "/demo/visit/{room}"  # a page that says what would open here


def northside(account: AccountId) -> Clinic:
    """Return the clinic where people ask to be seen now."""
    return Clinic(
        id=ClinicId(0),
        account_id=account,
        name=NORTHSIDE,
        patient_group=Group(GroupId(0), account, "Northside Patients"),
        host_group=Group(GroupId(0), account, "Northside Providers"),
        mode=ClinicMode.ON_DEMAND,
        zone=ZONE,
        services=(
            _service(account, "Urgent care visit", "A new problem that cannot wait.", 20),
            _service(account, "Medication refill", "Something you already take.", 10),
            _service(account, "Test result review", "What your result means.", 15),
        ),
        unavailable_text="This provider is not available right now. You can ask the whole team.",
        declined_text="We can't see you by video this time. Please call us, and we will help you.",
        phone="555-0150",
        video_url=VIDEO_URL,
        escalation_email="on-call@northside.example",
        escalation_minutes=3,
    )


def harbor(account: AccountId) -> Clinic:
    """Return the clinic where people ask for appointments, in a time zone of its own."""
    return Clinic(
        id=ClinicId(0),
        account_id=account,
        name=HARBOR,
        patient_group=Group(GroupId(0), account, "Harbor Patients"),
        host_group=Group(GroupId(0), account, "Harbor Providers"),
        mode=ClinicMode.CALENDAR,
        zone="America/Chicago",
        services=(
            _service(account, "Follow-up visit", "After an earlier visit with us.", 30),
            _service(
                account,
                "First visit",
                "Getting to know each other.",
                45,
                payment="$40 is due before the visit.",
            ),
            _service(account, "Medication check", "Twenty minutes about what you take.", 20),
        ),
        accepts_now=False,
        declined_text="None of these times works for us. Please ask for other times, or call us.",
        phone="555-0160",
        video_url=VIDEO_URL,
    )


def _service(
    account: AccountId, name: str, description: str, minutes: int, *, payment: str = ""
) -> Service:
    return Service(ServiceId(0), account, name, description, minutes, payment)
