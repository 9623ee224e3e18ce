"""The bell: it says which stream moved, and may be late, doubled or lost."""
