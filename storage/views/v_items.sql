-- Question: what did the feeds bring, and what became of it?
-- Grain: one row per item, in its latest wording; an entry seen in feeds of two publishers is two items.
-- Units: instants are UTC; published_at is what the publisher says (NULL without), seen_at when we first saw it.
SELECT
    items.id AS item_id,
    items.feed_id AS feed_id,
    items.guid AS guid,
    items.url AS url,
    items.title AS title,
    items.published_at AS published_at,
    items.seen_at AS seen_at,
    items.story_id AS story_id,
    items.outcome AS outcome
FROM items
