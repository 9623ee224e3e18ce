"""``import fhir``: a roster's people come into an account, with a bar that says how far it is."""

import argparse
import asyncio
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from dispatch.clinic import Clinic
from dispatch.errors import InvalidError
from dispatch.people import system_actor
from dispatch.vocabulary import AccountId
from server.cli.setting_up import PROGRAM, check_zone, clinics_in, held
from server.enrolment import Enrolment, Places, check, enrol
from server.roster import Skipped, read_roster
from server.settings import SettingError, from_environment

_BAR = 30  # characters
_MOST_LINES = 20  # of those left out; all of them are in the report
_HELD = "people and clinics are added while it is stopped"


def import_fhir(asked: argparse.Namespace) -> int:
    """Bring the people of a FHIR R4 bulk export in, or say what that would do."""
    roster = read_roster(asked.roster)
    if asked.zone:
        check_zone(asked.zone)

    async def work() -> Enrolment:
        async with held() as store:
            account = AccountId(asked.account)
            chosen = _chosen(await clinics_in(store, account), asked.clinic, account)
            actor = system_actor(account)
            if asked.check:
                return await check(store, actor, roster)
            places = Places(
                patient_groups=frozenset(clinic.patient_group.id for clinic in chosen),
                host_groups=frozenset(clinic.host_group.id for clinic in chosen),
                zone=asked.zone or chosen[0].zone,
            )
            return await enrol(store, actor, roster, places, _show)

    try:
        outcome = asyncio.run(work())
    except SettingError as error:
        if _HELD not in str(error):
            raise
        raise SettingError(_in_the_browser()) from error
    if asked.report:
        _write(asked.report, outcome.skipped)
    _tell(outcome, is_check=asked.check, has_report=bool(asked.report))
    return 0


def _chosen(
    clinics: Sequence[Clinic], wanted: Sequence[int], account: AccountId
) -> Sequence[Clinic]:
    """Return the clinics whose groups they join: those named, or the only one there is."""
    by_id = {int(clinic.id): clinic for clinic in clinics}
    if not wanted and len(clinics) == 1:
        return clinics
    if not clinics:
        raise InvalidError(f"Account {account} has no clinic yet, so there is nothing to join.")
    if not wanted:
        raise InvalidError(
            f"Say which clinics they join: --clinic NUMBER, as {PROGRAM} clinic list prints them."
        )
    for number in wanted:
        if number not in by_id:
            raise InvalidError(f"Account {account} has no clinic {number}.")
    return [by_id[number] for number in wanted]


def _in_the_browser() -> str:
    settings = from_environment()
    site = settings.origin or f"http://{settings.host}:{settings.port}"
    return (
        "A running console holds this database. Import in the browser, as an administrator, at "
        f"{site}/admin/people/import, or stop the console first."
    )


def _show(done: int, total: int) -> None:
    """Draw the bar on a terminal; elsewhere it would only fill a log."""
    if sys.stderr.isatty() and total:
        filled = _BAR * done // total
        bar = "#" * filled + "." * (_BAR - filled)
        print(f"\r[{bar}] {done} of {total} people", end="", file=sys.stderr, flush=True)
        if done == total:
            print(file=sys.stderr)


def _tell(outcome: Enrolment, *, is_check: bool, has_report: bool) -> None:
    verb = "would come in" if is_check else "came in"
    print(f"{outcome.patients} patients and {outcome.practitioners} practitioners {verb}.")
    if outcome.already_here:
        print(f"{outcome.already_here} were here already, and stay as they are.")
    if outcome.without_sign_in:
        print(
            f"{outcome.without_sign_in} share an e-mail address with somebody, "
            "so it is no sign-in name of theirs."
        )
    for reason, count in outcome.reasons.items():
        print(f"{count} left out: {reason}.")
    if not has_report:
        for one in outcome.skipped[:_MOST_LINES]:
            print(f"  {one.file}, line {one.line}: {one.reason}")
        if len(outcome.skipped) > _MOST_LINES:
            more = len(outcome.skipped) - _MOST_LINES
            print(f"  and {more} more: --report FILE writes all of them")


def _write(place: Path, skipped: tuple[Skipped, ...]) -> None:
    """Write who was left out, by file and line: no name and no number of theirs."""
    try:
        with place.open("w", newline="", encoding="utf-8") as opened:
            rows = csv.writer(opened)
            rows.writerow(("file", "line", "reason"))
            rows.writerows((one.file, one.line, one.reason) for one in skipped)
    except OSError as error:
        raise InvalidError(f"{place} cannot be written: {error.strerror}.") from error
