"""Knows what one waiting request makes of whoever comes, as a single person with a list would keep it.

This is the specification that a race is held against; it shares no code with the product.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

Verb = Literal["accept", "decline", "undo", "withdraw", "claim", "take over"]


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody presses a button; ``version`` is what they had seen."""

    verb: Verb
    who: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """What they were told: ``done``, ``was so``, or who was first with what (where one is named)."""

    what: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request."""

    version: int = 1
    ended: str = ""  # "accepted" or "withdrew", once it no longer waits
    by: str = ""
    declining: str = ""
    holder: str = ""


DONE = Told("done")
WAS_SO = Told("was so")  # nothing changed, and nothing had to
CHANGED = Told("changed")


def press(request: Waiting, button: Press) -> tuple[Waiting, Told]:
    """Return what becomes of the request, and what the person is told."""
    if request.ended:
        if button.verb == "withdraw":  # a requester is not told who decided
            return request, WAS_SO if request.ended == "withdrew" else Told(request.ended)
        return request, Told(request.ended, request.by)
    match button.verb:
        case "withdraw":
            return _ended(request, "withdrew", button.who), DONE
        case "claim" | "take over":
            return _claimed(request, button)
        case "undo" if not request.declining:
            return request, Told("not declining")
        case "undo":
            return replace(request, declining="", version=request.version + 1), DONE
        case "accept" | "decline":
            return _answered(request, button)


def _claimed(request: Waiting, button: Press) -> tuple[Waiting, Told]:
    if request.holder == button.who:
        return request, WAS_SO
    if button.verb == "claim" and request.holder:
        return request, Told("assigning", request.holder)
    return replace(request, holder=button.who), DONE


def _answered(request: Waiting, button: Press) -> tuple[Waiting, Told]:
    is_stale = request.version != button.version
    if request.declining and (is_stale or button.verb == "decline"):
        return request, Told("declining", request.declining)
    if is_stale:
        return request, CHANGED
    if button.verb == "decline":
        return replace(request, declining=button.who, version=request.version + 1), DONE
    return _ended(request, "accepted", button.who), DONE


def _ended(request: Waiting, how: str, who: str) -> Waiting:
    return replace(request, ended=how, by=who, declining="", holder="", version=request.version + 1)


_SENTENCES = (
    (
        re.compile(
            r"(?P<who>.+) (?P<what>accepted|withdrew) this( for .+)? at \d+:\d\d[ap]m E[SD]T\."
        ),
        None,
    ),
    (re.compile(r"This request was (?P<what>accepted) at \d+:\d\d[ap]m E[SD]T\."), None),
    (re.compile(r"(?P<who>.+) is assigning this request\."), "assigning"),
    (re.compile(r"(?P<who>.+) is already declining this\."), "declining"),
    (re.compile(r"(?P<who>.+) is declining this request\. .+"), "declining"),
    (re.compile(r"This request is not being declined\. .+"), "not declining"),
    (re.compile(r"This request changed since you looked\. .+"), "changed"),
)


def understood(status: int, sentence: str, *, was_there: bool = False) -> Told:
    """Return what an answer told the person; a sentence that nobody foresaw is told as it is."""
    if status == 200:
        return WAS_SO if was_there else DONE
    for pattern, meaning in _SENTENCES:
        if found := pattern.fullmatch(sentence):
            said = found.groupdict()
            return Told(meaning or said["what"], said.get("who") or "")
    return Told(f"{status}: {sentence}")
