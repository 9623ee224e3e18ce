"""Rows and transactions: the only room that knows SQL."""
