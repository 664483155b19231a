"""News that hubs push (W3C WebSub): subscriptions are asked for and renewed, and what is pushed is read."""
