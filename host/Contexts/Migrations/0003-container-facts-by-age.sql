-- What nobody has seen for long is removed.
CREATE INDEX container_facts_by_age ON container_facts (updated_at);
