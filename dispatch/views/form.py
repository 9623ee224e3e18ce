"""The versions of a clinic's form, for its administrators."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One version: who saved it, and when."""

    version: int
    question_count: int
    by: str
    at: datetime
