"""The mail server's answers become one word each: taken, not now, or never."""

from typing import Any

import pytest

from dispatch.letter import MailProblemError
from server.mail.smtp import SmtpMail, mail_server
from server.rendering.letters import Letters
from server.settings import SettingError, Settings
from tests.builders import FrozenClock
from tests.mail.test_envelope import ORIGIN, SENDER, a_letter
from tests.servers.mail import gone_after_the_dot, rude, silent, silent_after_data, sink
from tests.servers.redis import LOOPBACK

IMPATIENT = 0.2  # seconds for an answer, instead of twenty


async def send(url: str) -> None:
    mail = SmtpMail(url, SENDER, ORIGIN, FrozenClock(), step_seconds=IMPATIENT)
    letter = a_letter()
    await mail.send(letter, Letters(ORIGIN).words(letter))


async def test_a_message_arrives_whole_at_its_one_recipient() -> None:
    async with sink() as mail:
        await send(mail.url)
    assert mail.recipients == ["mia@example.org"]
    (message,) = mail.messages
    assert message["Message-ID"] == "<notice-5-1@clinic.example>"
    assert message["Subject"] == "Your video session with Evening Clinic"


@pytest.mark.parametrize(
    ("answers", "reason", "is_final"),
    [
        ({"answer": "451 later"}, "refused (451)", False),
        ({"answer": "550 never mia@example.org"}, "refused (550)", True),
        ({"answer_to_recipient": "450 later"}, "refused (450)", False),
        ({"answer_to_recipient": "550 no such mailbox"}, "refused (550)", True),
    ],
)
async def test_what_it_refuses_now_or_for_ever(
    answers: dict[str, str], reason: str, is_final: bool
) -> None:
    async with sink(**answers) as mail:
        with pytest.raises(MailProblemError) as problem:
            await send(mail.url)
    assert (problem.value.reason, problem.value.is_final) == (reason, is_final)
    assert mail.messages == []


@pytest.mark.parametrize("talk", [silent, silent_after_data, gone_after_the_dot])
async def test_a_server_that_hangs_or_hangs_up_is_tried_again(talk: Any) -> None:
    async with rude(talk) as url:
        with pytest.raises(MailProblemError) as problem:
            await send(url)
    assert not problem.value.is_final


async def test_a_server_that_is_away_is_tried_again() -> None:
    async with sink() as mail:
        url = mail.url
    with pytest.raises(MailProblemError) as problem:
        await send(url)
    assert not problem.value.is_final
    assert LOOPBACK not in problem.value.reason


def test_the_address_of_a_mail_server_is_read_whole() -> None:
    server = mail_server("smtp://me%40here:p%3Aw@mail.example.org")
    assert (server.host, server.port, server.is_tls) == ("mail.example.org", 587, False)
    assert (server.username, server.password) == ("me@here", "p:w")
    server = mail_server("smtps://mail.example.org")
    assert (server.port, server.is_tls, server.username) == (465, True, None)
    assert mail_server("smtp://[::1]:2525").host == "::1"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail",
        "smtp://",
        "smtp://mail:x",
        "smtp://mail:99999",
        "smtp://[::1",
    ],
)
def test_what_names_no_mail_server_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(SettingError, match="DISPATCH_SMTP_URL is smtp"):
        mail_server(url)


def test_a_mail_server_needs_a_sender_and_an_origin() -> None:
    url = "smtp://mail.example.org"
    with pytest.raises(SettingError, match="DISPATCH_MAIL_FROM"):
        Settings(smtp_url=url, origin=ORIGIN)
    with pytest.raises(SettingError, match="DISPATCH_ORIGIN"):
        Settings(smtp_url=url, mail_from=SENDER)
    assert Settings(smtp_url=url, mail_from=SENDER, origin=ORIGIN)
