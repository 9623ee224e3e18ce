"""Where Join leads is an address that a browser may open, with a room of its own."""

from dataclasses import replace

import pytest

from dispatch.errors import InvalidError
from dispatch.people import system_actor
from dispatch.usecases.administration import CreateClinic, create_clinic
from dispatch.vocabulary import GroupId, ServiceId
from tests.builders import ACCOUNT, FrozenClock, a_clinic
from tests.fakes.store import FakeStore


def create(video_url: str) -> None:
    draft = a_clinic()
    clinic = replace(  # with groups and services of its own
        draft,
        video_url=video_url,
        patient_group=replace(draft.patient_group, id=GroupId(0)),
        host_group=replace(draft.host_group, id=GroupId(0)),
        services=tuple(replace(each, id=ServiceId(0)) for each in draft.services),
    )
    FakeStore(FrozenClock()).run(create_clinic, CreateClinic(clinic), system_actor(ACCOUNT))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://video.example.org/{room}",
        "HTTPS://video.example.org:8443/meet?room={room}",
        "http://localhost:8080/{room}",
        "http://127.0.0.1/{room}",
        "http://[::1]:9000/#{room}",
        "/demo/visit/{room}",
    ],
)
def test_an_address_that_can_be_opened_is_taken(address: str) -> None:
    create(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)//{room}",
        " javascript:alert(1)//{room}",
        "java\nscript:alert(1)//{room}",
        "data:text/html,{room}",
        "http://video.example.org/{room}",
        "http://localhost.example.org/{room}",
        "http://127.0.0.1@video.example.org/{room}",
        "//video.example.org/{room}",
        "/\\video.example.org/{room}",
        "/\t/video.example.org/{room}",
        "https:///{room}",
        "https:{room}",
        "https://{room}",
        "https://{room}.example.org/",
        "https://[video/{room}",
        "https://video.example.org:port/{room}",
        "https://video.example.org/one for all",
        "https://video.example.org/one-for-all",
        "/demo/visit/",
        "video.example.org/{room}",
    ],
)
def test_every_other_address_is_refused_in_one_sentence(address: str) -> None:
    with pytest.raises(InvalidError) as refused:
        create(address)
    assert refused.value.field == "video_url"
    assert "https://video.example.org/{room}" in refused.value.sentence
