"""Feeds and pages: fetched politely, parsed into entries, scheduled by what they bring."""
