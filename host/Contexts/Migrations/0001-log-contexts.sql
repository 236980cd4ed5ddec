-- sequence is the order of creation; a replaced record keeps its own.
CREATE TABLE log_contexts (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    org TEXT NOT NULL,
    project TEXT NOT NULL,
    domain TEXT NOT NULL,
    run TEXT NOT NULL,
    action TEXT NOT NULL,
    attempt BIGINT NOT NULL CHECK (attempt >= 1),
    record BLOB NOT NULL, -- runlogs.v1.LogContextRecord
    created_at BIGINT NOT NULL, -- milliseconds since 1970
    updated_at BIGINT NOT NULL
);

-- The org comes last: a lookup without one goes by the rest.
CREATE UNIQUE INDEX log_contexts_by_attempt ON log_contexts (project, domain, run, action, attempt, org);
