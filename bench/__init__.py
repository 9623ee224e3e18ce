"""What the console costs, measured on the machine at hand: ``python -m bench``."""
