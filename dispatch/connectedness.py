"""Whether a provider has a live page open: shown beside their toggle, and it decides nothing."""

from datetime import timedelta

LEASE = timedelta(seconds=30)  # kept for them by each process that holds a page of theirs
# What is left of it once the last page of a process has closed: longer than a round of renewals,
# so that a process with another page of theirs says so before it is over.
GRACE = timedelta(seconds=15)
