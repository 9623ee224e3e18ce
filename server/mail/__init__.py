"""Messages leave the house here: envelopes, calendar files, and the mail server."""
