"""The main job at once, without a network: the real daemon on a week of recorded feeds, in half a minute."""
