-- What live sources told of containers; the org does not tell two apart.
CREATE TABLE container_facts (
    project text COLLATE "C" NOT NULL,
    domain text COLLATE "C" NOT NULL,
    run text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    attempt bigint NOT NULL,
    cluster text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    pod text COLLATE "C" NOT NULL,
    container text COLLATE "C" NOT NULL,
    detail bytea NOT NULL, -- runlogs.v1.PodDetail
    updated_at bigint NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (project, domain, run, action, attempt, cluster, namespace, pod, container)
);
