"""A misspelt origin would refuse every form or every live connection; it is refused first."""

import pytest

from server.settings import SettingError, Settings


@pytest.mark.parametrize(
    ("given", "browsers_say"),
    [
        ("", ""),
        ("https://console.example.org", "https://console.example.org"),
        ("https://Console.Example.org/", "https://console.example.org"),
        ("HTTPS://console.example.org", "https://console.example.org"),
        ("https://console.example.org:443/", "https://console.example.org"),
        ("http://console.example.org:80", "http://console.example.org"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(given: str, browsers_say: str) -> None:
    assert Settings(origin=given).origin == browsers_say


@pytest.mark.parametrize(
    "origin",
    [
        "console.example.org",
        "https://",
        "ftp://console.example.org",
        "https://console.example.org/dispatch",
        "https://console.example.org?x",
        "https://me@console.example.org",
        "https://console.example.org:port",
        "https://[console",
        "https://a b",
    ],
)
def test_an_origin_that_is_none_is_refused_in_one_sentence(origin: str) -> None:
    with pytest.raises(SettingError, match="DISPATCH_ORIGIN"):
        Settings(origin=origin)
