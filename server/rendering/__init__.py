"""Templates become pages, fragments and rows; a row pushed later is the row of the page."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from dispatch.stream import Projection
from dispatch.views import (
    AvailabilityCard,
    BoardRow,
    DecidedRow,
    HostCard,
    HostGroupRow,
    LineView,
    LinkCard,
    Outcome,
    PassRow,
    PatientCard,
    ProviderRow,
    SessionRow,
    View,
)
from server.rendering.shipping import shipped
from server.rendering.spoken_time import SPELLINGS, iso
from server.settings import ROOT

# One partial per view, and the one variable that it takes; a session looks different to each page.
PARTIALS: Mapping[type, tuple[str, str]] = {
    BoardRow: ("board/_row.html", "row"),
    ProviderRow: ("board/_provider.html", "provider"),
    DecidedRow: ("board/_decided.html", "row"),
    HostCard: ("host/_request.html", "card"),
    PassRow: ("host/_pass.html", "row"),
    AvailabilityCard: ("host/_availability.html", "card"),
    HostGroupRow: ("host/_group.html", "row"),
    PatientCard: ("patient/_card.html", "card"),
    LinkCard: ("patient/_link.html", "card"),
}
SESSION_PARTIALS: Mapping[Projection, tuple[str, str]] = {
    Projection.SESSIONS: ("board/_session.html", "row"),
    Projection.HOST: ("host/_session.html", "session"),
    Projection.ROOM: ("patient/_room.html", "session"),
}
LINE_PARTIAL = "patient/_line.html"
OUTCOME_PARTIAL = "board/_outcome.html"


class Rendering:
    """The templates of one release of the console."""

    def __init__(self, root: Path = ROOT, *, sends_mail: bool = True) -> None:
        self._sends_mail = sends_mail
        self.shipped = shipped(root / "static")
        self._templates = Environment(
            loader=FileSystemLoader(root / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals.update(
            static_url=self.static_url, icon=self.icon, sends_mail=self.sends_mail
        )
        self._globals = dict(self._templates.globals)
        self._partial = cache(self._templates.get_template)
        self._templates.filters.update(instant=time_element, iso=iso, before=before)

    def page(self, template: str, **context: object) -> str:
        """Return a whole page."""
        return self._templates.get_template(template).render(context)

    def fragment(self, template: str, **one_variable: object) -> str:
        """Return a partial with the one variable that it takes."""
        if len(one_variable) != 1:
            raise TypeError("a partial takes exactly one variable")
        found = self._partial(template)
        # What render() does but for the context: its own copies the globals one by one, each time.
        context = found.new_context({**self._globals, **one_variable}, shared=True)
        return "".join(found.root_render_func(context)).strip()

    def view(self, projection: Projection, view: View) -> str:
        """Return the element of one entity, as the page of that projection shows it."""
        if isinstance(view, SessionRow):
            template, variable = SESSION_PARTIALS[projection]
        else:
            template, variable = PARTIALS[type(view)]
        return self.fragment(template, **{variable: view})

    def outcome(self, outcome: Outcome) -> str:
        """Return how a request ended, for the place where its row was."""
        return self.fragment(OUTCOME_PARTIAL, outcome=outcome)

    def line(self, line: LineView) -> str:
        """Return where somebody stands in line, for the place of it on their card."""
        return self.fragment(LINE_PARTIAL, line=line)

    def sends_mail(self) -> bool:
        """Return whether messages leave this house: a page promises none that will not come."""
        return self._sends_mail

    def static_url(self, path: str) -> str:
        """Return the address of a static file; a new release is a new address."""
        return f"/static/{self.shipped.release}/{path}"

    def icon(self, name: str) -> Markup:
        """Return an icon that says nothing to a screen reader: words stand beside it."""
        return Markup(
            '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
        ).format(self.static_url("icons.svg"), name)


def time_element(at: datetime, zone: str, spelling: str = "datetime") -> Markup:
    """Return an instant written in a zone that it names; scripts rewrite it in the viewer's."""
    words = escape(SPELLINGS[spelling](at, zone))
    # Not by format(): a row holds several of these, and it takes twice as long for each.
    return Markup(f'<time datetime="{iso(at)}" data-format="{spelling}">{words}</time>')  # noqa: S704


def before(at: datetime, minutes: int) -> datetime:
    """Return the instant so many minutes earlier."""
    return at - timedelta(minutes=minutes)
