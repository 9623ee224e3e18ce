"""The product with life in it: invented clinics, and people who behave like people."""
