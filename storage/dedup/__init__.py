"""Pure decisions: is this entry a known item, is this mention a known event, what is new about it."""
