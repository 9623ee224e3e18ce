"""Knows the scenes of requests that come in, are looked at, and go unanswered."""

from collections.abc import AsyncGenerator

from dispatch.usecases.availability import SetAvailability, set_availability
from dispatch.usecases.claims import (
    EndClaims,
    ReleaseClaim,
    RenewClaims,
    claim_request,
    end_claims,
    release_claim,
    renew_claims,
)
from dispatch.usecases.intake import WithdrawRequest, submit_request, withdraw_request
from dispatch.usecases.refusal import PassRequest, pass_request
from dispatch.usecases.sweep import settle
from tests.house.convergence_stage import LATER, scene
from tests.house.convergence_world import World


@scene(submit_request)
async def now_to_the_group(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Mia Wells")
    yield
    await w.asks("Jordan Park", note="A rash since Monday.\n<b>Not</b> itching.")


@scene(submit_request)
async def scheduled_to_the_group(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.asks("Jordan Park", *LATER, clinic="Eastside", note="Whenever.")


@scene(submit_request)
async def directed_to_an_available_host(w: World) -> AsyncGenerator[None, None]:
    await w.does("Ana Ruiz", set_availability, SetAvailability(is_on=True))
    yield
    await w.asks("Jordan Park", host="Ana Ruiz")


@scene(submit_request)
async def directed_and_scheduled(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.asks("Jordan Park", LATER[0], host="Ana Ruiz", clinic="Southside")


@scene(submit_request)
async def wanted_in_two_clinics_at_one_time(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Mia Wells", LATER[0], host="Ana Ruiz")
    yield
    await w.asks("Jordan Park", *LATER, host="Ana Ruiz", clinic="Southside")


@scene(withdraw_request)
async def wanted_in_two_clinics_no_more(w: World) -> AsyncGenerator[None, None]:
    await w.asks("Mia Wells", LATER[0], host="Ana Ruiz")
    number = await w.asks("Jordan Park", *LATER, host="Ana Ruiz", clinic="Southside")
    yield
    await w.does("Jordan Park", withdraw_request, WithdrawRequest(number))


@scene(submit_request)
async def on_behalf_of_a_patient(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.asks("Jordan Park", by="Sam Ortiz", note="Called us.")


@scene(submit_request)
async def declined_at_once_for_an_unavailable_host(w: World) -> AsyncGenerator[None, None]:
    yield
    await w.asks("Jordan Park", host="Ana Ruiz")


@scene(withdraw_request)
async def withdrawn_by_the_requester(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    yield
    await w.does("Jordan Park", withdraw_request, WithdrawRequest(number))


@scene(withdraw_request)
async def withdrawn_by_a_scheduler_after_a_pass_and_under_a_claim(
    w: World,
) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.does("Lee Chen", pass_request, PassRequest(number))
    await w.claims("Rosa Lind", number)
    yield
    await w.does("Sam Ortiz", withdraw_request, WithdrawRequest(number))


@scene(claim_request)
async def claimed(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    yield
    await w.claims("Rosa Lind", number)


@scene(claim_request)
async def taken_over(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.claims("Rosa Lind", number)
    await w.wait(3)
    yield
    await w.claims("Sam Ortiz", number, take_over=True)


@scene(claim_request)
async def claimed_again_by_the_same_page(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park")
    await w.claims("Rosa Lind", number)
    await w.wait(3)
    yield
    await w.claims("Rosa Lind", number)


@scene(release_claim)
async def released(w: World) -> AsyncGenerator[None, None]:
    number = await w.asks("Jordan Park", host="Ana Ruiz", clinic="Southside", *LATER)  # noqa: B026
    await w.claims("Ana Ruiz", number)
    yield
    await w.does("Ana Ruiz", release_claim, ReleaseClaim(number, "tab-of-ana"))


@scene(renew_claims)
async def renewed(w: World) -> AsyncGenerator[None, None]:
    await w.claims("Rosa Lind", await w.asks("Jordan Park"))
    await w.wait(10)
    yield
    await w.does("Rosa Lind", renew_claims, RenewClaims("tab-of-rosa"))


@scene(end_claims)
async def left_by_a_page_that_closed(w: World) -> AsyncGenerator[None, None]:
    await w.claims("Rosa Lind", await w.asks("Jordan Park"))
    yield
    await w.does("Rosa Lind", end_claims, EndClaims("tab-of-rosa"))


@scene(settle)
async def a_claim_lapses(w: World) -> AsyncGenerator[None, None]:
    await w.claims("Rosa Lind", await w.asks("Jordan Park"))
    await w.does("Rosa Lind", end_claims, EndClaims("tab-of-rosa"))
    yield
    await w.wait(5)
