"""The measuring client: a Go program that writes all the time, and its handle."""
