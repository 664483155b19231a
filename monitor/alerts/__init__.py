"""Who hears of which development: rules, selection, rendering, channels."""
