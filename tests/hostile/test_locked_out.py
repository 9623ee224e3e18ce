"""Nobody locks everybody out of the sign-in, and nobody's own word says where they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.peers.address import network_of
from server.settings import SettingError, Settings, from_environment
from tests.web.house import PASSWORD, House, open_house

SAM, RUTH = "sam@example.org", "ruth@example.org"


@contextmanager
def opened(folder: Path, proxies: int = 0) -> Iterator[House]:
    with open_house(folder, trusted_proxies=proxies) as house:
        house.add_with_password("Sam Porter", SAM)
        house.add_with_password("Ruth Gold", RUTH, is_administrator=True)
        yield house


def sign_in(house: House, email: str, *, password: str = PASSWORD, via: str = "") -> int:
    fields = {"email": email, "password": password, "next": "/"}
    headers = {"x_forwarded_for": via} if via else {}
    status: int = house.post("/sign-in", fields, **headers).status_code
    house.leave()
    return status


def guess(house: House, times: int, via: str = "") -> list[int]:
    """Try as somebody else each time: what is counted is the place alone."""
    tries = (f"nobody{n}@example.org" for n in range(times))
    return [sign_in(house, email, password="wrong", via=via) for email in tries]


def test_behind_one_proxy_each_browser_counts_for_itself(tmp_path: Path) -> None:
    with opened(tmp_path, proxies=1) as house:
        assert guess(house, 21, via="198.51.100.7")[-1] == 429
        assert sign_in(house, RUTH, via="198.51.100.7") == 429
        assert sign_in(house, RUTH, via="203.0.113.9") == 303


def test_what_a_browser_writes_into_the_header_itself_hides_nobody(tmp_path: Path) -> None:
    with opened(tmp_path, proxies=1) as house:
        for n in range(20):
            made_up = f"192.0.2.{n}, 198.51.100.7"
            assert sign_in(house, f"x{n}@example.org", password="wrong", via=made_up) == 422
        assert sign_in(house, RUTH, via="192.0.2.99, 198.51.100.7") == 429


def test_without_proxies_the_header_is_not_read(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        for n in range(20):
            sign_in(house, f"x{n}@example.org", password="wrong", via=f"192.0.2.{n}")
        assert sign_in(house, RUTH, via="203.0.113.9") == 429


def test_behind_two_proxies_the_second_from_the_right_counts(tmp_path: Path) -> None:
    with opened(tmp_path, proxies=2) as house:
        assert guess(house, 21, via="192.0.2.1, 198.51.100.7, 10.0.0.1")[-1] == 429
        assert sign_in(house, RUTH, via="198.51.100.7, 10.0.0.2") == 429
        assert sign_in(house, RUTH, via="203.0.113.9, 10.0.0.1") == 303


@pytest.mark.parametrize("via", ["", "nonsense", "198.51.100.7"])
def test_who_did_not_come_through_every_proxy_is_the_socket_s_peer(
    tmp_path: Path, via: str
) -> None:
    with opened(tmp_path, proxies=2) as house:
        guess(house, 20, via=via)
        assert sign_in(house, RUTH) == 429


def test_an_office_that_mistypes_six_times_a_minute_still_gets_in(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        assert guess(house, 6) == [422] * 6
        assert sign_in(house, RUTH) == 303


def test_one_account_is_guessed_five_times_a_minute_from_wherever(tmp_path: Path) -> None:
    with opened(tmp_path, proxies=1) as house:
        tries = [sign_in(house, SAM, password="wrong", via=f"198.51.100.{n}") for n in range(1, 7)]
        assert tries == [422] * 5 + [429]
        assert sign_in(house, RUTH, via="198.51.100.1") == 303


def test_an_address_with_its_port_or_its_new_spelling_is_the_same_place() -> None:
    assert network_of("198.51.100.7:4711") == "198.51.100.7"
    assert network_of("::ffff:198.51.100.7") == "198.51.100.7"
    assert network_of("::1") == network_of("[::1]:4711") == "::/64"
    assert network_of("fe80::1%eth0") == network_of("fe80::2")
    assert network_of("[2001:db8:1:2::5]:4711") == network_of("2001:db8:1:2::6")


def test_the_number_of_proxies_is_a_setting() -> None:
    assert Settings().trusted_proxies == 0
    assert from_environment({"DISPATCH_TRUSTED_PROXIES": "2"}).trusted_proxies == 2
    with pytest.raises(SettingError, match="DISPATCH_TRUSTED_PROXIES"):
        from_environment({"DISPATCH_TRUSTED_PROXIES": "yes"})
