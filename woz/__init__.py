"""The domain of woz: Wizard-of-Oz recording and annotation of guided tasks. Knows neither Qt nor the database."""

__version__ = "0.1.0"
