-- The schema of the cluster topology. Requires PostgreSQL 15 or newer and a database in UTF8.
--
-- The script can be applied to a database that already has the schema, while other silos are writing to it. For that it
-- must not take a lock that conflicts with writes. CREATE INDEX IF NOT EXISTS and CREATE OR REPLACE TRIGGER take such a
-- lock before they find that there is nothing to do, so indexes and triggers are created under a guard instead.
--
-- Indexed text columns have the collation "C": keys compare as bytes, and an upgrade of the operating system's locale
-- data cannot corrupt an index.


-- -----------------------------------------------------------------------------------------------------------------
-- Membership. The Orleans providers prescribe the tables whose names start with "Orleans", and their columns.
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS OrleansMembershipVersionTable
(
    DeploymentId varchar(150) COLLATE "C" PRIMARY KEY,
    Timestamp    timestamptz NOT NULL DEFAULT now(),
    Version      integer     NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS OrleansMembershipTable
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


-- -----------------------------------------------------------------------------------------------------------------
-- Grain state
-- -----------------------------------------------------------------------------------------------------------------

-- The fill factor leaves free space on each page, so that an update can store the new row version on the same page and
-- does not have to touch the index (a HOT update).
CREATE TABLE IF NOT EXISTS OrleansStorage
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
WITH (fillfactor = 70);

-- Unlike the index of the stock Orleans script, this one is unique. Without it, two concurrent first writes of one
-- grain insert two rows, and every later read of the grain fails. NULLS NOT DISTINCT covers grains without a key
-- extension.
DO $$
BEGIN
    IF to_regclass('ux_OrleansStorage') IS NULL THEN
        CREATE UNIQUE INDEX ux_OrleansStorage ON OrleansStorage
            (GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString)
            NULLS NOT DISTINCT;
    END IF;
END
$$;


-- -----------------------------------------------------------------------------------------------------------------
-- State index: one row per stored virtual key and project, from which the API's lists are read
-- -----------------------------------------------------------------------------------------------------------------

-- Owner is a key's project; it is empty for a project. Owner, CreatedAt and Id are immutable, so an update of a state
-- does not change its row here.
CREATE TABLE IF NOT EXISTS KeysStateIndex
(
    ServiceId              varchar(150) COLLATE "C" NOT NULL,
    StateName              varchar(512) COLLATE "C" NOT NULL,
    Owner                  varchar(512) COLLATE "C" NOT NULL,
    CreatedAt              varchar(24)  COLLATE "C" NOT NULL,
    Id                     varchar(512) COLLATE "C" NOT NULL,
    GrainIdHash            integer      NOT NULL,
    GrainTypeHash          integer      NOT NULL,
    GrainIdN0              bigint       NOT NULL,
    GrainIdN1              bigint       NOT NULL,
    GrainIdExtensionString varchar(512) COLLATE "C",
    PRIMARY KEY (ServiceId, StateName, Owner, CreatedAt, Id),
    -- Timestamps in text form sort chronologically only while they all have the same width.
    CONSTRAINT KeysStateIndex_CreatedAt CHECK (CreatedAt LIKE '____-__-__T__:__:__.___Z')
);


-- -----------------------------------------------------------------------------------------------------------------
-- Audit: one row per revision of a virtual key or project
-- -----------------------------------------------------------------------------------------------------------------

-- A row contains the display prefix of a secret, never the secret or a hash of it.
CREATE TABLE IF NOT EXISTS KeysAudit
(
    Seq           bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ServiceId     varchar(150) COLLATE "C" NOT NULL,
    StateName     varchar(512) COLLATE "C" NOT NULL,
    Id            varchar(512) COLLATE "C" NOT NULL,
    ProjectId     varchar(512) COLLATE "C" NOT NULL,
    Revision      bigint       NOT NULL,
    Action        text         NOT NULL,
    Actor         text         NOT NULL,
    At            text         NOT NULL,
    DisplayPrefix text
);

DO $$
BEGIN
    IF to_regclass('ix_KeysAudit_Id') IS NULL THEN
        CREATE INDEX ix_KeysAudit_Id ON KeysAudit (ServiceId, StateName, Id, Seq);
    END IF;
END
$$;


-- -----------------------------------------------------------------------------------------------------------------
-- Trigger that maintains the state index and the audit, in the transaction that writes the state: a change that cannot
-- be indexed or audited is rolled back
-- -----------------------------------------------------------------------------------------------------------------

-- A name may contain U+0000, which jsonb rejects. Replacing the escape's digits keeps the JSON valid even where the
-- backslash is itself escaped, and the stored payload is not changed.
-- The function is STABLE because convert_from is: PostgreSQL does not inline an IMMUTABLE function that calls a STABLE
-- one.
CREATE OR REPLACE FUNCTION keys_state_fields(payload bytea) RETURNS jsonb
LANGUAGE sql STABLE
RETURN replace(convert_from(payload, 'UTF8'), '\u0000', '\ufffd')::jsonb;

-- One trigger for all operations, with its conditions in the function: PostgreSQL compiles a WHEN clause anew for each
-- statement, and several triggers would each parse the payload. Together that costs more than the write itself.
CREATE OR REPLACE FUNCTION keys_state_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- NEW is null after a DELETE, OLD after an INSERT.
    state_name text := COALESCE(NEW.GrainTypeString, OLD.GrainTypeString);
    state jsonb;
    project_id text;
BEGIN
    IF state_name NOT IN ('virtual-key', 'project') THEN
        RETURN NULL;
    END IF;

    state := keys_state_fields(COALESCE(NEW.PayloadBinary, OLD.PayloadBinary));
    project_id := CASE state_name WHEN 'project' THEN state ->> 'id' ELSE state ->> 'project_id' END;

    -- The state was deleted or cleared.
    IF NEW.PayloadBinary IS NULL THEN
        DELETE FROM KeysStateIndex
        WHERE ServiceId = OLD.ServiceId AND StateName = state_name
          AND Owner = CASE state_name WHEN 'project' THEN '' ELSE project_id END
          AND CreatedAt = state ->> 'created_at' AND Id = state ->> 'id';
        RETURN NULL;
    END IF;

    -- The state is new, or is written again after it was cleared.
    IF OLD.PayloadBinary IS NULL THEN
        INSERT INTO KeysStateIndex
            (ServiceId, StateName, Owner, CreatedAt, Id,
             GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
        VALUES
            (NEW.ServiceId, state_name, CASE state_name WHEN 'project' THEN '' ELSE project_id END,
             state ->> 'created_at', state ->> 'id',
             NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString);

    -- A write that keeps the revision records usage or erases expired data. No caller requested it: it is not audited.
    ELSIF keys_state_fields(OLD.PayloadBinary) -> 'revision' IS NOT DISTINCT FROM state -> 'revision' THEN
        RETURN NULL;
    END IF;

    INSERT INTO KeysAudit (ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix)
    VALUES
        (NEW.ServiceId, state_name, state ->> 'id', project_id, (state ->> 'revision')::bigint,
         state #>> '{change,action}', state #>> '{change,actor}', state #>> '{change,at}',
         state #>> '{secrets,current,display_prefix}');
    RETURN NULL;
END
$$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_trigger
        WHERE tgrelid = 'OrleansStorage'::regclass AND tgname = 'keys_state_written') THEN
        CREATE TRIGGER keys_state_written AFTER INSERT OR DELETE OR UPDATE OF PayloadBinary ON OrleansStorage
        FOR EACH ROW EXECUTE FUNCTION keys_state_written();
    END IF;
END
$$;


-- -----------------------------------------------------------------------------------------------------------------
-- Reminders
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS OrleansRemindersTable
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

-- The range queries filter by both StartTime and GrainHash. With only one of them in the index, a silo would read every
-- due reminder, or every reminder of its range, about thirty times over at each start and each refresh.
DO $$
BEGIN
    IF to_regclass('ix_OrleansRemindersTable_DueHash') IS NULL THEN
        CREATE INDEX ix_OrleansRemindersTable_DueHash ON OrleansRemindersTable (ServiceId, StartTime, GrainHash);
    END IF;
END
$$;


-- -----------------------------------------------------------------------------------------------------------------
-- Leases: the silos and clients that may validate from their caches, and until when
-- -----------------------------------------------------------------------------------------------------------------

-- A change that invalidates a secret reads this table after its commit. It is acknowledged when the holder of each live
-- lease has invalidated its cache entry, or the lease has expired. The table must therefore not be UNLOGGED: the holder
-- of a lease that is lost in a crash of the server would continue to accept the secret.
--
-- ExpiresAt is by this server's clock. A broken lease is not renewed: it expires, and its holder acquires a new one.
-- The fill factor keeps renewals HOT updates.
CREATE TABLE IF NOT EXISTS KeysSiloLease
(
    Id        uuid PRIMARY KEY,
    ServiceId varchar(150) COLLATE "C" NOT NULL,
    Holder    varchar(150) COLLATE "C" NOT NULL,
    Length    interval NOT NULL,
    ExpiresAt timestamptz NOT NULL,
    IsBroken  boolean NOT NULL DEFAULT false
)
WITH (fillfactor = 50);


-- -----------------------------------------------------------------------------------------------------------------
-- Settings: values that all silos of a cluster must share for as long as the data exists. The first writer of a name
-- wins.
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS KeysSettings
(
    Name  varchar(150) COLLATE "C" PRIMARY KEY,
    Value text NOT NULL
);


-- -----------------------------------------------------------------------------------------------------------------
-- Queries. Orleans reads the texts once, at the start of a silo, and refuses to start if one is missing. The keys, the
-- parameters and the result columns are prescribed by its providers.
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey  varchar(64) COLLATE "C" PRIMARY KEY,
    QueryText text        NOT NULL
);

-- Membership (Orleans.Clustering.AdoNet). Each change of a member increments the table's version in the same statement:
-- of two silos that act on the same version, one succeeds and the other gets false.

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $query$
WITH added AS (
    INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId)
    ON CONFLICT (DeploymentId) DO NOTHING
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM added)
$query$),

('InsertMembershipKey', $query$
WITH new_version AS (
    UPDATE OrleansMembershipVersionTable v SET Version = v.Version + 1, Timestamp = now()
    WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version
      AND NOT EXISTS (
        SELECT 1 FROM OrleansMembershipTable m
        WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port
          AND m.Generation = @Generation)
    RETURNING v.DeploymentId),
added AS (
    INSERT INTO OrleansMembershipTable
        (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
           @StartTime, @IAmAliveTime
    FROM new_version
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM added)
$query$),

('UpdateMembershipKey', $query$
WITH new_version AS (
    UPDATE OrleansMembershipVersionTable v SET Version = v.Version + 1, Timestamp = now()
    WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version
      AND EXISTS (
        SELECT 1 FROM OrleansMembershipTable m
        WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port
          AND m.Generation = @Generation)
    RETURNING v.DeploymentId),
changed AS (
    UPDATE OrleansMembershipTable m
    SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
    FROM new_version
    WHERE m.DeploymentId = new_version.DeploymentId AND m.Address = @Address AND m.Port = @Port
      AND m.Generation = @Generation
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM changed)
$query$),

-- A heartbeat must not increment the version, or concurrent changes by other silos would fail.
('UpdateIAmAlivetimeKey', $query$
UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
$query$),

-- The outer join returns the table's version even if no member matches.
('MembershipReadRowKey', $query$
SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort,
       m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
FROM OrleansMembershipVersionTable v
LEFT JOIN OrleansMembershipTable m
    ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
WHERE v.DeploymentId = @DeploymentId
$query$),

('MembershipReadAllKey', $query$
SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort,
       m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
FROM OrleansMembershipVersionTable v
LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
WHERE v.DeploymentId = @DeploymentId
$query$),

('GatewaysQueryKey', $query$
SELECT Address, ProxyPort, Generation
FROM OrleansMembershipTable
WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0
$query$),

('DeleteMembershipTableEntriesKey', $query$
DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId;
DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId
$query$),

-- 6 is SiloStatus.Dead. A silo whose heartbeats are only late is still a member.
('CleanupDefunctSiloEntriesKey', $query$
DELETE FROM OrleansMembershipTable
WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND StartTime < @IAmAliveTime AND Status = 6
$query$)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Grain state (Orleans.Persistence.AdoNet). A write of a stale version returns no row. The provider reports that as
-- InconsistentStateException, and the runtime then deactivates the stale activation.

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
-- Without a version, insert the row. If it exists already, ON CONFLICT makes the write return nothing, like any stale
-- write, where a unique violation would not deactivate the activation. With a version, update exactly that version.
('WriteToStorageKey', $query$
WITH added AS (
    INSERT INTO OrleansStorage
        (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
         PayloadBinary, ModifiedOn, Version)
    SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
           @PayloadBinary, now(), 1
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING
    RETURNING Version),
changed AS (
    UPDATE OrleansStorage
    SET PayloadBinary = @PayloadBinary, ModifiedOn = now(), Version = Version + 1
    WHERE @GrainStateVersion IS NOT NULL AND Version = @GrainStateVersion
      AND GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
      AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
    RETURNING Version)
SELECT Version AS NewGrainStateVersion FROM added
UNION ALL
SELECT Version FROM changed
$query$),

('ReadFromStorageKey', $query$
SELECT PayloadBinary, Version
FROM OrleansStorage
WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
  AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
$query$),

-- The row is kept and its version incremented, so that a write of a version from before the clear still fails.
('ClearStorageKey', $query$
UPDATE OrleansStorage
SET PayloadBinary = NULL, ModifiedOn = now(), Version = Version + 1
WHERE Version = @GrainStateVersion
  AND GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
  AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
RETURNING Version AS NewGrainStateVersion
$query$),

-- The provider treats an unchanged version as a conflict, hence the + 1.
('DeleteStorageKey', $query$
DELETE FROM OrleansStorage
WHERE Version = @GrainStateVersion
  AND GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
  AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
RETURNING Version + 1 AS NewGrainStateVersion
$query$)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Reminders (Orleans.Reminders.AdoNet).
--
-- Unlike the stock queries, the range queries return only reminders that are due within 20 minutes. A silo reads its
-- ranges every 5 minutes and schedules the reminders of the next 10 (ReminderOptions.ReminderLoadingWindow). Without
-- the filter it would read every reminder of every key each time. The other 10 minutes allow for clock skew between the
-- silo and this server. Keep the filter longer than the loading window: see ReminderScheduleExtensions. Reminders whose
-- StartTime has passed are always returned, since they tick until they are removed.

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('UpsertReminderRowKey', $query$
INSERT INTO OrleansRemindersTable AS r (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = r.Version + 1
RETURNING Version
$query$),

('ReadReminderRowKey', $query$
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName
$query$),

('ReadReminderRowsKey', $query$
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainId = @GrainId
$query$),

-- The provider compares the hashes as signed integers. It uses the first query for a range that does not wrap around,
-- and the second for one that does.
('ReadRangeRows1Key', $query$
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash
  AND StartTime <= now() + interval '20 minutes'
$query$),

('ReadRangeRows2Key', $query$
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)
  AND StartTime <= now() + interval '20 minutes'
$query$),

('DeleteReminderRowKey', $query$
WITH deleted AS (
    DELETE FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM deleted)
$query$),

('DeleteReminderRowsKey', $query$
DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId
$query$)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
