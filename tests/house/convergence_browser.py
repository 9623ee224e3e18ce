"""Knows how the same messages are heard by the real scripts: the reducer alone, and a page with its rows."""

import re
from hashlib import sha256
from typing import Any

from tests.house.convergence_follow import Follower
from tests.house.convergence_twin import Twin
from tests.house.convergence_world import order_of

_RELEASE = re.compile(r"/static/[0-9a-f]{12}/")
KINDS = ("request", "session", "provider", "pass", "availability", "host_group")

# After every message: what is shown, where the cursors stand and what is asked, as the twin wrote it down.
REPLAY = """
async (pages) => {
  const { begin, reduce, shown } = await import("/static/js/reducer.js");
  const digest = async (text) => {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const wrong = [];
  for (const { name, showing, holds, heard, told } of pages) {
    let state = begin(showing, holds);
    for (const [index, [at, message]] of heard.entries()) {
      const next = reduce(state, message, at);
      state = next.state;
      const lines = Object.entries(state.entities)
        .map(([entity, copies]) => [entity, shown(copies)])
        .map(([entity, { version, html }]) => `${entity}@${version}:${html}`);
      const cursors = Object.entries(state.cursors).map(([key, c]) => `${key}=${c ? `${c.seq}/${c.tag}` : ""}`);
      const asks = next.effects.filter(({ type }) => type === "resume");
      const said = [...lines.sort(), ...cursors.sort(), asks.length].join("\\n");
      if ((await digest(said)) !== told[index]) {
        wrong.push(`${name}: after message ${index} (${message.type}) the scripts and the twin differ`);
        break;
      }
    }
  }
  return wrong;
}
"""

# The same mail on a page with places: at the end its elements are those of a page that loads now.
SHOW = """
async (pages) => {
  const { View } = await import("/static/js/view.js");
  const { parse } = await import("/static/js/markup.js");
  const { prepare } = await import("/static/js/arrival.js");
  const KINDS = ["request", "session", "provider", "pass", "availability", "host_group"];
  const root = (showing, holds, rows) => {
    const main = document.createElement("main");
    main.dataset.live = JSON.stringify(showing);
    main.dataset.page = "test";
    const told = document.createElement("div");
    told.dataset.holds = JSON.stringify(holds);
    main.append(told);
    for (const kind of KINDS) {
      const place = document.createElement("div");
      place.dataset.place = kind;
      for (const [entity, html] of rows) {
        if (entity.startsWith(kind + ":")) place.append(parse(html).firstElementChild);
      }
      main.append(place);
    }
    document.body.append(main);
    prepare(main);
    return main;
  };
  const look = (main) => [...main.querySelectorAll("[data-place] > [data-entity]")].map((element) => {
    const copy = element.cloneNode(true);
    for (const one of [copy, ...copy.querySelectorAll("*")]) {
      one.removeAttribute("data-lease-until");  // the heartbeat carries it
      one.removeAttribute("data-claimed");
      if (one.localName === "elapsed-time") one.replaceChildren();
      if (one.matches("[data-claim-person]")) one.hidden = false;
    }
    return [element.dataset.entity, copy.outerHTML.replace(/>\\s+/g, ">").replace(/\\s+</g, "<")];
  });
  const wrong = [];
  for (const { name, showing, holds, rows, heard, fresh } of pages) {
    const main = root(showing, holds, rows);
    const view = new View("page", main);
    for (const [at, message] of heard) view.hear(message, at);
    const wanted = root(showing, {}, fresh);
    const [is, should] = [look(main), look(wanted)];
    const order = JSON.stringify(is.map(([entity]) => entity));
    const right = JSON.stringify(should.map(([entity]) => entity));
    if (order !== right) wrong.push(`${name}: ${order} instead of ${right}`);
    else is.forEach(([entity, html], index) => {
      if (html !== should[index][1]) wrong.push(`${name}: ${entity} is\\n${html}\\nshould be\\n${should[index][1]}`);
    });
    main.remove();
    wanted.remove();
  }
  return wrong;
}
"""


def recording(follower: Follower) -> dict[str, Any]:
    """Return what a page began with and heard, and what the twin came to after each message."""
    again = Twin(
        {key: dict(cursor) for key, cursor in follower.begun["cursors"].items()},
        {entity: dict(copies) for entity, copies in follower.begun["entities"].items()},
    )
    heard, told = [], []
    for note in follower.record:
        wishes = again.hear(note["message"], note["at"])
        heard.append([note["at"], note["message"]])
        told.append(_written(again, len(wishes)))
    return {"name": follower.audience.name, **_beginning(follower), "heard": heard, "told": told}


def showing(follower: Follower, fresh: Twin) -> dict[str, Any]:
    """Return the same for a page with rows, and the rows of a page that loads now, top to bottom."""
    heard = [[note["at"], _unreleased(note["message"])] for note in follower.record]
    begun = Twin({}, follower.begun["entities"])
    return {
        "name": follower.audience.name,
        **_beginning(follower),
        "holds": {
            key: [entity for entity, copies in begun.entities.items() if key in copies]
            for key in follower.begun["cursors"]
        },
        "rows": _top_to_bottom(begun),
        "heard": heard,
        "fresh": _top_to_bottom(fresh),
    }


def _beginning(follower: Follower) -> dict[str, Any]:
    places = [
        dict(zip(("stream", "projection"), key.rsplit("/", 1), strict=True)) | cursor
        for key, cursor in follower.begun["cursors"].items()
    ]
    holds: dict[str, dict[str, Any]] = {key: {} for key in follower.begun["cursors"]}
    for entity, copies in follower.begun["entities"].items():
        for key, copy in copies.items():
            holds[key][entity] = copy
    return {"showing": places, "holds": holds}


def _written(twin: Twin, wishes: int) -> str:
    lines = sorted(f"{e}@{c['version']}:{c['html']}" for e, c in twin.shown.items())
    cursors = sorted(
        f"{key}={c['seq']}/{c['tag']}" if c else f"{key}=" for key, c in twin.cursors.items()
    )
    return sha256("\n".join([*lines, *cursors, str(wishes)]).encode()).hexdigest()[:16]


def _unreleased(message: dict[str, Any]) -> dict[str, Any]:
    """Return it with icons where the stage has them."""
    if message["type"] != "frame":
        return message
    ops = [
        {k: _RELEASE.sub("/static/", str(v)) if k == "html" else v for k, v in op.items()}
        for op in message["ops"]
    ]
    return {**message, "ops": ops}


def _top_to_bottom(twin: Twin) -> list[tuple[str, str]]:
    rows = [(entity, _RELEASE.sub("/static/", copy["html"])) for entity, copy in twin.shown.items()]
    return sorted(rows, key=lambda row: (KINDS.index(row[0].partition(":")[0]), order_of(row[1])))
