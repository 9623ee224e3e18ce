"""HTTP: forms to commands, views to pages. It does not know that anyone is watching live."""
