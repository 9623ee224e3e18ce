"""Public calendars: one task per page, from a service to a request, for members and for others."""
