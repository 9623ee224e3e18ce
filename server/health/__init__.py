"""How the console says how it is: to whoever keeps it running, and to nobody else."""
