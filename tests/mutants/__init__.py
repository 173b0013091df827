"""Breakings of the product, and which tests find them: `python -m tests.mutants`."""
