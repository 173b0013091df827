"""One cluster a platform lives through every operation in order."""
