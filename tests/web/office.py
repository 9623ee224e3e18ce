"""Knows an administrator's browser: what a form of a page holds, and which pages there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

from dispatch.people import system_actor
from dispatch.usecases.administration import CreatePerson, create_person
from dispatch.vocabulary import GroupKind, PersonId
from tests.builders import a_person
from tests.web.house import House, open_house
from tests.web.pages import Element, read

ADMINISTRATOR = "Ruth Gold"


@contextmanager
def open_office(folder: Path, *, enters: str = ADMINISTRATOR) -> Iterator[House]:
    """Open a house that has an administrator; the browser is theirs unless somebody else enters."""
    with open_house(folder) as opened:
        opened.add_with_password(ADMINISTRATOR, "ruth@example.org", is_administrator=True)
        opened.enter(enters)
        yield opened


def administrator_elsewhere(house: House) -> str:
    """Let there be another account with an administrator; return their name."""
    foreign = house.run(house.desk.store.create_account, "Elsewhere")
    olga = a_person("Olga Far", account_id=foreign, is_administrator=True)
    command, system = CreatePerson(olga), system_actor(foreign)
    done = house.run(house.desk.store.perform, create_person, command, system)
    house.run(house.desk.look_up, "Olga Far", PersonId(done.entity.id))
    return "Olga Far"


def form_of(house: House, path: str, action: str, **held: str) -> dict[str, str]:
    """Return what a form of a page holds, as a browser would send it."""
    return held_by(house.get(path).text, action, **held)


def held_by(page: str, action: str, **held: str) -> dict[str, str]:
    """Return what the form of a page holds; of several for one action, that which ``held`` says."""
    forms = [_fields(form) for form in read(page).all("form", action=action)]
    [form] = [one for one in forms if all(one.get(name, "") == held[name] for name in held)]
    return form


def seen_on(house: House, path: str, action: str, **held: str) -> dict[str, str]:
    """Return the field that says what a form was filled from."""
    return {"seen": form_of(house, path, action, **held)["seen"]}


def _fields(form: Element) -> dict[str, str]:
    fields: dict[str, str] = {}
    for element in form.walk():
        name = element.attrs.get("name", "")
        if element.tag == "textarea":
            fields[name] = unescape(element.words)
        elif element.tag == "select":
            chosen = [o for o in element.all("option") if "selected" in o.attrs]
            options = chosen or element.all("option")
            fields[name] = options[0].attrs["value"]
        elif element.tag == "input":
            is_box = element.attrs.get("type") in {"checkbox", "radio"}
            if not is_box or "checked" in element.attrs:
                fields[name] = unescape(element.attrs.get("value", ""))
    return fields


def north(house: House) -> Any:
    account, key = house.desk.account, house.desk.clinics["Northside"].id
    return house.read(lambda reading: reading.clinic(account, key))


PAGES = ("", "/hours", "/services", "/schedulers", "/preview", "/archive")


def every_page(house: House) -> list[str]:
    clinic = north(house)
    return [
        "/admin",
        "/admin/clinics",
        "/admin/clinics/new",
        *(f"/admin/clinics/{clinic.id}{tail}" for tail in PAGES),
        "/admin/services",
        f"/admin/services/{clinic.services[0].id}",
        "/admin/groups",
        *(f"/admin/groups/{kind}/{clinic.host_group.id}" for kind in GroupKind),
        "/admin/audit",
    ]
