"""Learns how far an item bears on a story from labelled streams of news; not part of the monitor."""
