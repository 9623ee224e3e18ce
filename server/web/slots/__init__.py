"""A provider's calendar: the week in which they take appointments, single slots, and time off."""
