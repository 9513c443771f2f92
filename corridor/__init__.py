"""What happens to supplies, and to the people who live on them, when control of a network changes hands."""

__version__ = "0.1.0"
