-- The schema of the cluster topology. Requires PostgreSQL 15 or newer and a database in UTF8.
--
-- The script can be applied to a database that already has the schema, while other silos are writing to it. For that it
-- must not take a lock that conflicts with writes. CREATE INDEX IF NOT EXISTS and CREATE OR REPLACE TRIGGER take such a
-- lock before they find that there is nothing to do, so indexes and triggers are created under a guard instead. Every
-- index here is created with its table, which is empty. An index on a table with rows needs CREATE INDEX CONCURRENTLY,
-- in a script that runs without a transaction.
--
-- Where a lock is needed after all, every later statement on the table queues behind the one that waits for it. The
-- timeout bounds that queue: the script fails, and the migrator applies it again after a pause.
--
-- Indexed text columns have the collation "C": keys compare as bytes, and an upgrade of the operating system's locale
-- data cannot corrupt an index.

SET LOCAL lock_timeout = '2s';


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
-- Events: one row per event of a virtual key or project
-- -----------------------------------------------------------------------------------------------------------------

-- A row contains neither a secret nor a hash of one. Number counts the events of one key or project; it is null for
-- events that the service did not number. Changes is an object such as {"name": {"old": "a", "new": "b"}}.
--
-- Positions are assigned before transactions commit, so a row can become visible after rows with higher positions. To
-- miss none, a reader keeps the pg_current_snapshot() of its last read, and then reads the rows that it did not show:
--     Xid >= pg_snapshot_xmin(since) AND NOT pg_visible_in_snapshot(Xid, since)
CREATE TABLE IF NOT EXISTS KeysEvent
(
    Position      bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    Xid           xid8         NOT NULL DEFAULT pg_current_xact_id(),
    ServiceId     varchar(150) COLLATE "C" NOT NULL,
    StateName     varchar(512) COLLATE "C" NOT NULL,
    Id            varchar(512) COLLATE "C" NOT NULL,
    ProjectId     varchar(512) COLLATE "C" NOT NULL,
    Number        bigint,
    Revision      bigint       NOT NULL,
    Type          text         NOT NULL,
    ActorKind     text,
    ActorId       text,
    Actor         text         NOT NULL,
    RequestId     text,
    SourceAddress text,
    SecretId      text,
    Changes       jsonb,
    At            text         NOT NULL
);

DO $$
BEGIN
    IF to_regclass('ix_KeysEvent_Id') IS NULL THEN
        CREATE INDEX ix_KeysEvent_Id ON KeysEvent (ServiceId, StateName, Id, Position);
    END IF;

    IF to_regclass('ix_KeysEvent_Xid') IS NULL THEN
        CREATE INDEX ix_KeysEvent_Xid ON KeysEvent (ServiceId, Xid);
    END IF;

    -- The next script moves the rows of the first schema here, with their positions. A million leaves room for those
    -- that are written until then.
    IF to_regclass('KeysAudit') IS NOT NULL AND NOT (SELECT is_called FROM KeysEvent_Position_seq) THEN
        PERFORM setval('KeysEvent_Position_seq', (SELECT last_value FROM KeysAudit_Seq_seq) + 1000000);
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
-- Trigger that maintains the state index, the events and the reminders in the transaction that writes the state: a
-- change that cannot be indexed or recorded is rolled back
-- -----------------------------------------------------------------------------------------------------------------

-- A name may contain U+0000, which jsonb rejects. Replacing the escape's digits keeps the JSON valid even where the
-- backslash is itself escaped, and the stored payload is not changed.
-- The function is STABLE because convert_from is: PostgreSQL does not inline an IMMUTABLE function that calls a STABLE
-- one.
CREATE OR REPLACE FUNCTION keys_state_fields(payload bytea) RETURNS jsonb
LANGUAGE sql STABLE
RETURN replace(convert_from(payload, 'UTF8'), '\u0000', '\ufffd')::jsonb;

-- Returns the secrets of a state without their times of use. A subquery would cost more than the rest of the trigger.
CREATE OR REPLACE FUNCTION keys_secrets_without_use(secrets jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    secrets := secrets #- '{current,last_used_at}';
    FOR i IN 0 .. COALESCE(jsonb_array_length(secrets -> 'replaced'), 0) - 1 LOOP
        secrets := secrets #- ARRAY['replaced', i::text, 'last_used_at'];
    END LOOP;
    RETURN secrets;
END
$$;

-- One trigger for all operations, with its conditions in the function: PostgreSQL compiles a WHEN clause anew for each
-- statement, and several triggers would each parse the payload. Together that costs more than the write itself.
CREATE OR REPLACE FUNCTION keys_state_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- NEW is null after a DELETE, OLD after an INSERT.
    state_name text := COALESCE(NEW.GrainTypeString, OLD.GrainTypeString);
    new_state jsonb;
    old_state jsonb;
    state jsonb;
    owner_id text;
    project_id text;
    list_owner text;
    change jsonb;
    number bigint;
    revision bigint;
    old_number bigint;
    old_revision bigint;
    database_action text;
BEGIN
    IF state_name NOT IN ('virtual-key', 'project') OR COALESCE(NEW.PayloadBinary, OLD.PayloadBinary) IS NULL THEN
        RETURN NULL;
    END IF;

    new_state := keys_state_fields(NEW.PayloadBinary);
    old_state := keys_state_fields(OLD.PayloadBinary);
    state := COALESCE(new_state, old_state);
    owner_id := state ->> 'id';
    IF state_name = 'project' THEN
        project_id := owner_id;
        list_owner := '';
    ELSE
        project_id := state ->> 'project_id';
        list_owner := project_id;
    END IF;

    change := state -> 'change';
    number := (change ->> 'number')::bigint;
    revision := (state ->> 'revision')::bigint;
    old_number := (old_state #>> '{change,number}')::bigint;
    old_revision := (old_state ->> 'revision')::bigint;

    -- The state was deleted or cleared.
    IF new_state IS NULL THEN
        DELETE FROM KeysStateIndex
        WHERE ServiceId = OLD.ServiceId AND StateName = state_name AND Owner = list_owner
          AND CreatedAt = state ->> 'created_at' AND Id = owner_id;
        database_action := 'deleted';

    ELSE
        -- The state is new, or is written again after it was cleared.
        IF old_state IS NULL THEN
            INSERT INTO KeysStateIndex
                (ServiceId, StateName, Owner, CreatedAt, Id,
                 GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
            VALUES
                (NEW.ServiceId, state_name, list_owner, state ->> 'created_at', owner_id,
                 NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString);
        END IF;

        -- The same row as UpsertReminderRowKey writes for the reminder. An older build, which stores no hash, registers
        -- the reminder itself. The grain removes the row when nothing is left to erase.
        IF state ->> 'erase_at' IS DISTINCT FROM old_state ->> 'erase_at'
            AND state ->> 'erase_at' IS NOT NULL AND state ->> 'grain_hash' IS NOT NULL THEN
            INSERT INTO OrleansRemindersTable AS r
                (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
            VALUES
                (NEW.ServiceId, CASE state_name WHEN 'project' THEN 'project/' ELSE 'vk/' END || owner_id,
                 'erase-ended-secrets', (state ->> 'erase_at')::timestamptz + interval '1 second', 60000,
                 (state ->> 'grain_hash')::integer, 0)
            ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
            SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash,
                Version = r.Version + 1;
        END IF;

        IF TG_OP = 'UPDATE' THEN
            -- The service increments the version with each write, and neither number nor revision ever decreases.
            IF NEW.Version <> OLD.Version + 1 OR revision < old_revision OR number < old_number THEN
                database_action := 'altered';

            -- The state was written again after it was cleared, or the service numbered an event.
            ELSIF old_state IS NULL OR number <> old_number OR (number IS NOT NULL AND old_number IS NULL) THEN
                NULL;

            -- An older build does not number its changes.
            ELSIF revision IS DISTINCT FROM old_revision THEN
                number := NULL;

            -- The service writes these members without an event. They change no verdict and nothing that a caller set.
            ELSIF state - '{last_used_at,schema_version,erase_at,grain_hash,updated_at,secrets}'::text[]
                = old_state - '{last_used_at,schema_version,erase_at,grain_hash,updated_at,secrets}'::text[]
                AND (state -> 'secrets' IS NOT DISTINCT FROM old_state -> 'secrets'
                    OR keys_secrets_without_use(state -> 'secrets')
                        IS NOT DISTINCT FROM keys_secrets_without_use(old_state -> 'secrets')) THEN
                RETURN NULL;

            ELSE
                database_action := 'altered';
            END IF;
        END IF;
    END IF;

    IF database_action IS NOT NULL THEN
        number := NULL;
        change := jsonb_build_object(
            'action', database_action, 'actor_kind', 'database', 'actor', session_user,
            'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
    END IF;

    INSERT INTO KeysEvent
        (ServiceId, StateName, Id, ProjectId, Number, Revision, Type, ActorKind, ActorId, Actor, RequestId,
         SourceAddress, SecretId, Changes, At)
    VALUES
        (COALESCE(NEW.ServiceId, OLD.ServiceId), state_name, owner_id, project_id, number, revision,
         change ->> 'action', change ->> 'actor_kind', change ->> 'actor_id', change ->> 'actor',
         change ->> 'request_id', change ->> 'source_address', change ->> 'secret_id', change -> 'changes',
         change ->> 'at');
    RETURN NULL;
END
$$;

-- The trigger of the first schema ignored updates that do not set the payload.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_trigger
        WHERE tgrelid = 'OrleansStorage'::regclass AND tgname = 'keys_state_written' AND tgattr::text = '') THEN
        CREATE OR REPLACE TRIGGER keys_state_written AFTER INSERT OR DELETE OR UPDATE ON OrleansStorage
        FOR EACH ROW EXECUTE FUNCTION keys_state_written();
    END IF;
END
$$;


-- -----------------------------------------------------------------------------------------------------------------
-- Leases: the silos and clients that may validate from their caches
-- -----------------------------------------------------------------------------------------------------------------

-- A call that takes validity away reads this table after its commit. It waits for each row until
--     the row's holder has acknowledged the invalidation,
--     Applied contains the commit: the holder had read the event when it renewed the lease,
--     or Renewals has not changed for Duration by the monotonic clock of the waiter, which then deletes the row.
-- A holder whose row is gone has lost its lease. It counts Duration from before its last renewal by its own monotonic
-- clock, so it stops before a waiter deletes the row. No clock of the database takes part.
--
-- Timeline is the one that the server was on at the renewal: the transactions of Applied may be lost in a failover.
--
-- The table must not be UNLOGGED: the holder of a lease that is lost in a crash of the server would continue to accept
-- the secret. The fill factor keeps renewals HOT updates.
CREATE TABLE IF NOT EXISTS KeysLease
(
    Id        uuid PRIMARY KEY,
    ServiceId varchar(150) COLLATE "C" NOT NULL,
    Holder    varchar(150) COLLATE "C" NOT NULL,
    Duration  interval    NOT NULL,
    Renewals  bigint      NOT NULL DEFAULT 0,
    Applied   pg_snapshot NOT NULL,
    Timeline  text        NOT NULL
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
