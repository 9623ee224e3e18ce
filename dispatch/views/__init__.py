"""What each audience may see, field by field: a whitelist, so nothing private slips in with a row.

Every streamed view names its entity (``request:12``) and a version. Instants stay instants: pages
turn green to red, and on to off, by server time, and write times in the viewer's zone. Nothing here
depends on who is looking: what is "mine" a page derives from ``person_id`` fields.
"""

from dispatch.views.board import BoardRow, DecidedRow, Outcome, ProviderRow, ToldView
from dispatch.views.form import FormVersion
from dispatch.views.host import AvailabilityCard, HostCard, HostGroupRow, PassRow
from dispatch.views.line import LineView
from dispatch.views.oversight import AuditLine, GroupInUse, ServiceInUse, Unfinished
from dispatch.views.patient import LinkCard, PatientCard, by_link
from dispatch.views.progress import ClaimView, DecliningView
from dispatch.views.session import SessionRow

View = (
    BoardRow
    | ProviderRow
    | DecidedRow
    | SessionRow
    | HostCard
    | PassRow
    | AvailabilityCard
    | HostGroupRow
    | PatientCard
    | LinkCard
)

__all__ = [
    "ClaimView",
    "DecliningView",
    "BoardRow",
    "ProviderRow",
    "Outcome",
    "ToldView",
    "DecidedRow",
    "SessionRow",
    "HostCard",
    "PassRow",
    "AvailabilityCard",
    "HostGroupRow",
    "PatientCard",
    "LineView",
    "LinkCard",
    "by_link",
    "AuditLine",
    "GroupInUse",
    "ServiceInUse",
    "Unfinished",
    "FormVersion",
    "View",
]
