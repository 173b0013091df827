"""The tiers of the suite, and how long each may take."""
