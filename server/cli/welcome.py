"""What a visitor of the demo reads first: the doors, what to try, and what became of a roster."""

from urllib.parse import urlsplit

from server.demo.newcomers import Arrived
from server.demo.opening import Opened
from server.settings import Settings

_SHOWN_LINES = 10  # of a roster that cannot be read


def welcome(address: str, opened: Opened) -> list[str]:
    """Return the lines that say where the doors are, and what to try."""
    state = "new" if opened.is_new else "as it was left, with fresh requests"
    links = [
        f"  {role.capitalize():<15}{name:<18}{address}/demo/sign-in/{role}"
        for role, name in opened.visitors.items()
    ]
    return [
        f"The demo is ready ({state}): {address}",
        "Everybody in it is made up, and nothing is sent to anybody.",
        *(_arrivals(opened.arrived) if opened.arrived else []),
        "",
        "Sign in without a password, on this machine only:",
        *links,
        "",
        "Try this:",
        "  As the scheduler, assign the oldest request. One turns red within a minute.",
        "  As the patient, in a private window, ask to be seen now, then watch the status.",
        "  As the provider, say that you are available, and accept what is addressed to you.",
    ]


def _arrivals(arrived: Arrived) -> list[str]:
    lines = [
        f"Your roster: {arrived.patients} patients and {arrived.practitioners} providers came in, "
        f"{arrived.already_here} were here already."
    ]
    lines += [f"  Left out: {count} ({reason})." for reason, count in arrived.skipped.items()]
    lines += [
        f"  Not readable: {file}, line {line}."
        for file, line in arrived.broken_lines[:_SHOWN_LINES]
    ]
    if arrived.shared_emails:
        lines.append(
            f"  {arrived.shared_emails} people share an e-mail address, so it signs nobody in."
        )
    return lines


def place_of(settings: Settings) -> str:
    """Return where the database is, without what opens it."""
    address = urlsplit(settings.database_url)
    if address.scheme.startswith("sqlite"):
        return settings.database_url
    return f"the database {address.path.removeprefix('/')} on PostgreSQL"
