"""Who is rung by a change: every stream that could show it, and nobody else."""

from dispatch.events import EntityRef, provider_changed, request_changed, session_changed
from dispatch.vocabulary import ClinicId, EntityKind, PersonId
from tests.builders import a_clinic, a_request, a_session


def test_a_request_to_the_group_rings_its_board_its_group_and_its_requester() -> None:
    # S28 S64 S67 S85
    change = request_changed("accepted", a_request(id=12), a_clinic())
    assert change.streams == {"clinic:1", "hosts:11", "patient:1", "request:12"}
    assert (change.kind, str(change.entity)) == ("request.accepted", "request:12")


def test_a_directed_request_rings_that_host_and_not_the_group() -> None:
    # S28
    change = request_changed("submitted", a_request(target_host_id=PersonId(7)), a_clinic())
    assert change.streams == {"clinic:1", "host:7", "patient:1", "request:1"}


def test_a_session_rings_its_two_people_and_every_clinic_of_its_host() -> None:
    # S42 S59: it is a possible conflict wherever that host can be chosen
    clinics = [ClinicId(1), ClinicId(2)]
    session = a_session(id=5, request_id=12)
    change = session_changed("created", session, clinics)
    assert change.streams == {"host:7", "patient:1", "request:12", "clinic:1", "clinic:2"}
    assert change.entity == EntityRef(EntityKind.SESSION, 5)


def test_a_toggle_rings_the_boards_and_the_hosts_own_page_apart() -> None:
    # S41 S87
    boards, own = provider_changed("available", PersonId(7), [ClinicId(1), ClinicId(2)])
    assert str(boards.entity) == "provider:7"
    assert boards.streams == {"clinic:1", "clinic:2"}
    assert str(own.entity) == "availability:7"
    assert own.streams == {"host:7"}
