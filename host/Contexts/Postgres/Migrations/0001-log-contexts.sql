-- sequence is the order of creation; a replaced record keeps its own.
CREATE TABLE log_contexts (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org text COLLATE "C" NOT NULL,
    project text COLLATE "C" NOT NULL,
    domain text COLLATE "C" NOT NULL,
    run text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    attempt bigint NOT NULL CHECK (attempt >= 1),
    record bytea NOT NULL, -- runlogs.v1.LogContextRecord
    created_at bigint NOT NULL, -- milliseconds since 1970
    updated_at bigint NOT NULL
);

-- The org comes last: a lookup without one goes by the rest.
CREATE UNIQUE INDEX log_contexts_by_attempt ON log_contexts (project, domain, run, action, attempt, org);
