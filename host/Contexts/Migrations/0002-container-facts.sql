-- What live sources told of containers; the org does not tell two apart.
CREATE TABLE container_facts (
    project TEXT NOT NULL,
    domain TEXT NOT NULL,
    run TEXT NOT NULL,
    action TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    cluster TEXT NOT NULL,
    namespace TEXT NOT NULL,
    pod TEXT NOT NULL,
    container TEXT NOT NULL,
    detail BLOB NOT NULL, -- runlogs.v1.PodDetail
    updated_at BIGINT NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (project, domain, run, action, attempt, cluster, namespace, pod, container)
) WITHOUT ROWID;
