"""The stand-in for the official Python language host."""
