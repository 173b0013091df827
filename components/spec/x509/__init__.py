"""Certificates and keys of external authorities, judged as Go judges them."""
