-- The tables that the Orleans ADO.NET providers work on; the column names are theirs. PostgreSQL 15 or newer.
-- Text is COLLATE "C" everywhere: keys are compared as bytes, and no index depends on the operating system's locale.

CREATE TABLE OrleansQuery
(
    QueryKey  varchar(64) COLLATE "C" PRIMARY KEY,
    QueryText text        NOT NULL
);

CREATE TABLE OrleansMembershipVersionTable
(
    DeploymentId varchar(150) COLLATE "C" PRIMARY KEY,
    Timestamp    timestamptz NOT NULL DEFAULT now(),
    Version      integer     NOT NULL DEFAULT 0
);

CREATE TABLE OrleansMembershipTable
(
    DeploymentId varchar(150) COLLATE "C" NOT NULL REFERENCES OrleansMembershipVersionTable (DeploymentId),
    Address      varchar(45)  COLLATE "C" NOT NULL,
    Port         integer      NOT NULL,
    Generation   integer      NOT NULL,
    SiloName     varchar(150) NOT NULL,
    HostName     varchar(150) NOT NULL,
    Status       integer      NOT NULL,
    ProxyPort    integer,
    SuspectTimes text,
    StartTime    timestamptz  NOT NULL,
    IAmAliveTime timestamptz  NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

CREATE TABLE OrleansStorage
(
    GrainIdHash            integer      NOT NULL,
    GrainIdN0              bigint       NOT NULL,
    GrainIdN1              bigint       NOT NULL,
    GrainTypeHash          integer      NOT NULL,
    GrainTypeString        varchar(512) COLLATE "C" NOT NULL,
    GrainIdExtensionString varchar(512) COLLATE "C",
    ServiceId              varchar(150) COLLATE "C" NOT NULL,
    PayloadBinary          bytea,
    ModifiedOn             timestamptz  NOT NULL,
    Version                integer      NOT NULL
)
-- Room on each page, so that a new version of a row stays beside the old one and no index is touched (HOT update).
WITH (fillfactor = 70);

-- One row per grain. Without it two first writes at once leave two rows, and the grain can never be read again.
CREATE UNIQUE INDEX ux_OrleansStorage ON OrleansStorage
    (GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString)
    NULLS NOT DISTINCT;

CREATE TABLE OrleansRemindersTable
(
    ServiceId    varchar(150) COLLATE "C" NOT NULL,
    GrainId      varchar(150) COLLATE "C" NOT NULL,
    ReminderName varchar(150) COLLATE "C" NOT NULL,
    StartTime    timestamptz  NOT NULL,
    Period       bigint       NOT NULL,
    GrainHash    integer      NOT NULL,
    Version      integer      NOT NULL,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
);

CREATE INDEX ix_OrleansRemindersTable_Due ON OrleansRemindersTable (ServiceId, StartTime);
CREATE INDEX ix_OrleansRemindersTable_Hash ON OrleansRemindersTable (ServiceId, GrainHash);
