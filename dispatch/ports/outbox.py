"""Messages on their way out, in storage."""

from typing import Protocol

from dispatch.notice import Notice
from dispatch.vocabulary import AccountId, NoticeId


class Notices(Protocol):
    """Messages on their way out; ``Unit.notify`` adds them."""

    def by_id(self, account: AccountId, notice_id: NoticeId) -> Notice | None: ...
    def save(self, notice: Notice) -> None: ...
