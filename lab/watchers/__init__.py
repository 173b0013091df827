"""Who is down, what is written where, and what keys show, while something else runs."""
