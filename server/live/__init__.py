"""Live delivery: the tailer reads what changed, frames say it once, the hub writes it to many."""
