"""Certificates: who may say what to whom. `Authority` issues them, `roles.py` lists them."""
