-- The schema of the cluster topology. Requires PostgreSQL 15 or newer and a database in UTF8.
--
-- To change the schema, edit this script, give the file the next number, and add its former name to MigrationScripts. A
-- script is applied once per name: with the same name, existing databases would not receive the change. Write each
-- statement so that it also upgrades the schema of the previous build.
--
-- The script can be applied to a database that already has the schema, or that of an earlier build, while other silos
-- are writing to it. For that it must not take a lock that conflicts with writes. CREATE INDEX IF NOT EXISTS and CREATE
-- OR REPLACE TRIGGER take such a lock before they find that there is nothing to do, so indexes, triggers and views are
-- created under a guard instead. Every index here is created with its table, which is empty. An index on a table with
-- rows needs CREATE INDEX CONCURRENTLY, which cannot run in a transaction: see ConcurrentIndexes.
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


-- What a list reads of a state: without idempotency records and the changes of its last event, which may be most of a
-- large state.

-- The MAC is removed too: it cannot be verified without the rest of the state. The caller receives a payload that is
-- not a state as it is, and leaves it out of the list. Its name is in the log.
CREATE OR REPLACE FUNCTION keys_listed_payload(payload bytea) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN convert_to(
        ((convert_from(payload, 'UTF8')::jsonb - 'mac' - 'receipts') #- '{change,changes}')::text, 'UTF8');
EXCEPTION WHEN data_exception THEN
    RETURN payload;
END
$$;

-- Most states are small, and are read as they are.
DO $$
BEGIN
    IF to_regclass('KeysListedState') IS NULL THEN
        CREATE VIEW KeysListedState AS
        SELECT GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString,
               CASE WHEN octet_length(PayloadBinary) > 4096 THEN keys_listed_payload(PayloadBinary)
                    ELSE PayloadBinary END AS Payload
        FROM OrleansStorage;
    END IF;
END
$$;


-- -----------------------------------------------------------------------------------------------------------------
-- State index: one row per stored virtual key and project, from which the API's lists are read
-- -----------------------------------------------------------------------------------------------------------------

-- Owner is a key's project; for a project it is empty, and 'archived' for an archived one. CreatedAt and Id are
-- immutable, so an update of a state changes its row here only when a project is archived.
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
-- Virtual keys: the rows by which lists are filtered, unique external ids, and a limit on the keys of a project
-- -----------------------------------------------------------------------------------------------------------------

-- The trigger below fills the tables; keys_index_virtual_keys copies the states of builds that did not have them.
-- Each filter has an index that starts with it. They end with CreatedAt and Id, or are sorted by the filtered value, so
-- that a page is a range of one index.
CREATE TABLE IF NOT EXISTS KeysVirtualKey
(
    ServiceId       varchar(150) COLLATE "C" NOT NULL,
    ProjectId       varchar(512) COLLATE "C" NOT NULL,
    CreatedAt       varchar(24)  COLLATE "C" NOT NULL,
    Id              varchar(512) COLLATE "C" NOT NULL,
    Name            text         COLLATE "C" NOT NULL,
    Status          text         COLLATE "C" NOT NULL,
    Environment     text         COLLATE "C" NOT NULL,
    ExternalId      text         COLLATE "C",
    PrincipalUserId text         COLLATE "C",
    ExpiresAt       varchar(24)  COLLATE "C",
    PRIMARY KEY (ServiceId, ProjectId, Id)
);

-- A table of its own, because a rotation changes it.
CREATE TABLE IF NOT EXISTS KeysRetiringKey
(
    ServiceId     varchar(150) COLLATE "C" NOT NULL,
    ProjectId     varchar(512) COLLATE "C" NOT NULL,
    Id            varchar(512) COLLATE "C" NOT NULL,
    RetiringUntil varchar(24)  COLLATE "C" NOT NULL,
    PRIMARY KEY (ServiceId, ProjectId, Id)
);

-- The keys that have no row in KeysRetiringKey, in the order of a list. Those whose RetiringUntil has passed are in
-- KeysRetiringKey until the erasure of their secrets. keys_index_not_retiring_keys adds the keys of builds that did not
-- have the table; its rows may be out of date, so the list compares them with the other two tables.
CREATE TABLE IF NOT EXISTS KeysNotRetiringKey
(
    ServiceId varchar(150) COLLATE "C" NOT NULL,
    ProjectId varchar(512) COLLATE "C" NOT NULL,
    CreatedAt varchar(24)  COLLATE "C" NOT NULL,
    Id        varchar(512) COLLATE "C" NOT NULL,
    PRIMARY KEY (ServiceId, ProjectId, CreatedAt, Id)
);

-- The hashes of secrets that other systems issued, by which their keys are found: such a secret does not name its key.
CREATE TABLE IF NOT EXISTS KeysImportedSecret
(
    ServiceId varchar(150) COLLATE "C" NOT NULL,
    Hash      text         COLLATE "C" NOT NULL,
    Id        varchar(512) COLLATE "C" NOT NULL,
    ProjectId varchar(512) COLLATE "C" NOT NULL,
    PRIMARY KEY (ServiceId, Hash)
);

-- The number of virtual keys of a project that are not revoked, and its limit.
CREATE TABLE IF NOT EXISTS KeysProjectUsage
(
    ServiceId      varchar(150) COLLATE "C" NOT NULL,
    ProjectId      varchar(512) COLLATE "C" NOT NULL,
    VirtualKeys    integer NOT NULL DEFAULT 0,
    MaxVirtualKeys integer NOT NULL DEFAULT 10000,
    PRIMARY KEY (ServiceId, ProjectId)
)
WITH (fillfactor = 50);

DO $$
BEGIN
    IF to_regclass('ux_KeysVirtualKey_ExternalId') IS NULL THEN
        CREATE UNIQUE INDEX ux_KeysVirtualKey_ExternalId ON KeysVirtualKey (ServiceId, ProjectId, ExternalId)
            WHERE ExternalId IS NOT NULL AND Status <> 'revoked';
        CREATE INDEX ix_KeysVirtualKey_CreatedAt ON KeysVirtualKey (ServiceId, ProjectId, CreatedAt, Id);
        CREATE INDEX ix_KeysVirtualKey_ExternalId ON KeysVirtualKey (ServiceId, ProjectId, ExternalId, CreatedAt, Id)
            WHERE ExternalId IS NOT NULL;
        CREATE INDEX ix_KeysVirtualKey_PrincipalUserId
            ON KeysVirtualKey (ServiceId, ProjectId, PrincipalUserId, CreatedAt, Id)
            WHERE PrincipalUserId IS NOT NULL;
        CREATE INDEX ix_KeysVirtualKey_ExpiresAt ON KeysVirtualKey (ServiceId, ProjectId, ExpiresAt, Id)
            WHERE ExpiresAt IS NOT NULL;
        CREATE INDEX ix_KeysVirtualKey_Name ON KeysVirtualKey (ServiceId, ProjectId, Name, Id);
        CREATE INDEX ix_KeysVirtualKey_Status ON KeysVirtualKey (ServiceId, ProjectId, Status, CreatedAt, Id);
        CREATE INDEX ix_KeysVirtualKey_Environment
            ON KeysVirtualKey (ServiceId, ProjectId, Environment, CreatedAt, Id);
        CREATE INDEX ix_KeysRetiringKey_RetiringUntil
            ON KeysRetiringKey (ServiceId, ProjectId, RetiringUntil, Id);
    END IF;
END
$$;


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
END
$$;


-- The indexes by which the API lists events: each starts with a filter and ends with the order of the list. Another is
-- the index by which webhooks find virtual keys that expire.
--
-- These tables are written with each change, so the indexes of a table with rows are created without blocking writers,
-- which is not possible in a transaction: ConcurrentIndexes does so after the scripts. Here, they are created while the
-- tables are empty.

CREATE OR REPLACE FUNCTION keys_concurrent_indexes() RETURNS TABLE (IndexName text, Definition text)
LANGUAGE sql IMMUTABLE AS $$
    VALUES
        ('ix_keysevent_project', 'KeysEvent (ServiceId, ProjectId, Position)'),
        ('ix_keysevent_type', 'KeysEvent (ServiceId, ProjectId, StateName, Type COLLATE "C", Position)'),
        ('ix_keysevent_actor', 'KeysEvent (ServiceId, ProjectId, COALESCE(ActorId, Actor) COLLATE "C", Position)'),
        ('ix_keysevent_projectat', 'KeysEvent (ServiceId, ProjectId, At COLLATE "C", Position)'),
        -- Also for the deletion of old events.
        ('ix_keysevent_at', 'KeysEvent (ServiceId, At COLLATE "C", Position)'),
        ('ix_keysvirtualkey_expires', 'KeysVirtualKey (ServiceId, ExpiresAt) WHERE ExpiresAt IS NOT NULL')
$$;

DO $$
DECLARE
    missing record;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM KeysEvent) THEN
        FOR missing IN SELECT * FROM keys_concurrent_indexes() WHERE to_regclass(IndexName) IS NULL LOOP
            EXECUTE format('CREATE INDEX %I ON %s', missing.IndexName, missing.Definition);
        END LOOP;
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
    secrets := secrets #- '{current,last_used_at}' #- '{current,last_used_from}';
    FOR i IN 0 .. COALESCE(jsonb_array_length(secrets -> 'replaced'), 0) - 1 LOOP
        secrets := secrets #- ARRAY['replaced', i::text, 'last_used_at']
            #- ARRAY['replaced', i::text, 'last_used_from'];
    END LOOP;
    RETURN secrets;
END
$$;

-- The same for the API keys of a project.
CREATE OR REPLACE FUNCTION keys_api_keys_without_use(api_keys jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (
    SELECT jsonb_agg(
        jsonb_set(api_key, '{secrets}', keys_secrets_without_use(api_key -> 'secrets')) ORDER BY position)
    FROM jsonb_array_elements(api_keys) WITH ORDINALITY AS keys (api_key, position));

-- Returns the row of a virtual key.
CREATE OR REPLACE FUNCTION keys_virtual_key_row(service_id text, state jsonb) RETURNS KeysVirtualKey
LANGUAGE sql STABLE
RETURN ROW(
    service_id, state ->> 'project_id', state ->> 'created_at', state ->> 'id',
    COALESCE(state ->> 'name', ''),
    CASE WHEN state ->> 'revoked_at' IS NOT NULL THEN 'revoked'
         WHEN state ->> 'disabled_at' IS NOT NULL THEN 'disabled'
         ELSE 'active' END,
    COALESCE(state ->> 'environment', 'live'), state ->> 'external_id', state ->> 'principal_user_id',
    state ->> 'expires_at')::KeysVirtualKey;

-- Members that the service writes without an event, because they follow from others or change no verdict, and secrets
-- and API keys, which are compared without their times of use. The MAC changes with each write.
CREATE OR REPLACE FUNCTION keys_derived_members() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN '{last_used_at,schema_version,erase_at,grain_hash,updated_at,retiring_until,imported_hashes,secrets,
api_keys,mac}'::text[];

-- One trigger for all operations, with its conditions in the function: PostgreSQL compiles a WHEN clause again for each
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
    is_not_retiring boolean;
    added_keys integer;
    project_keys integer;
    max_keys integer;
    old_max_keys integer;
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
        list_owner := CASE WHEN state ->> 'archived_at' IS NULL THEN '' ELSE 'archived' END;
    ELSE
        project_id := state ->> 'project_id';
        list_owner := project_id;
    END IF;

    change := state -> 'change';
    number := (change ->> 'number')::bigint;
    revision := (state ->> 'revision')::bigint;
    old_number := (old_state #>> '{change,number}')::bigint;
    old_revision := (old_state ->> 'revision')::bigint;

    IF state_name = 'virtual-key' THEN
        -- Revoked keys do not count. The row of the project is locked until the commit, so the limit is exact.
        added_keys := (new_state ->> 'revoked_at' IS NULL AND new_state IS NOT NULL)::integer
            - (old_state ->> 'revoked_at' IS NULL AND old_state IS NOT NULL)::integer;
        IF added_keys <> 0 THEN
            INSERT INTO KeysProjectUsage AS u (ServiceId, ProjectId, VirtualKeys)
            VALUES (COALESCE(NEW.ServiceId, OLD.ServiceId), project_id, added_keys)
            ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = u.VirtualKeys + added_keys
            RETURNING u.VirtualKeys, u.MaxVirtualKeys INTO project_keys, max_keys;
            IF added_keys > 0 AND project_keys > max_keys THEN
                RAISE EXCEPTION 'too_many_virtual_keys' USING ERRCODE = 'KC001';
            END IF;
        END IF;

        -- A rotation changes none of these, so it leaves the row and its indexes alone.
        IF new_state IS NULL THEN
            DELETE FROM KeysVirtualKey
            WHERE ServiceId = OLD.ServiceId AND ProjectId = project_id AND Id = owner_id;
        ELSIF old_state IS NULL
            OR (new_state ->> 'name', new_state ->> 'revoked_at', new_state ->> 'disabled_at',
                new_state ->> 'external_id', new_state ->> 'principal_user_id', new_state ->> 'expires_at')
            IS DISTINCT FROM
               (old_state ->> 'name', old_state ->> 'revoked_at', old_state ->> 'disabled_at',
                old_state ->> 'external_id', old_state ->> 'principal_user_id', old_state ->> 'expires_at') THEN
            INSERT INTO KeysVirtualKey SELECT * FROM keys_virtual_key_row(NEW.ServiceId, new_state)
            ON CONFLICT (ServiceId, ProjectId, Id) DO UPDATE
            SET Name = excluded.Name, Status = excluded.Status, ExternalId = excluded.ExternalId,
                PrincipalUserId = excluded.PrincipalUserId, ExpiresAt = excluded.ExpiresAt;
        END IF;

        IF new_state ->> 'retiring_until' IS NULL THEN
            IF old_state #> '{secrets,replaced,0}' IS NOT NULL THEN
                DELETE FROM KeysRetiringKey
                WHERE ServiceId = OLD.ServiceId AND ProjectId = project_id AND Id = owner_id;
            END IF;
        ELSIF new_state ->> 'retiring_until' IS DISTINCT FROM old_state ->> 'retiring_until' THEN
            INSERT INTO KeysRetiringKey (ServiceId, ProjectId, Id, RetiringUntil)
            VALUES (NEW.ServiceId, project_id, owner_id, new_state ->> 'retiring_until')
            ON CONFLICT (ServiceId, ProjectId, Id) DO UPDATE SET RetiringUntil = excluded.RetiringUntil;
        END IF;

        -- Only imported keys have this, until their imported secrets are erased.
        IF new_state -> 'imported_hashes' IS DISTINCT FROM old_state -> 'imported_hashes' THEN
            DELETE FROM KeysImportedSecret i
            WHERE i.ServiceId = OLD.ServiceId AND i.Id = owner_id
              AND i.Hash IN (SELECT jsonb_array_elements_text(NULLIF(old_state -> 'imported_hashes', 'null')));
            INSERT INTO KeysImportedSecret (ServiceId, Hash, Id, ProjectId)
            SELECT NEW.ServiceId, hash, owner_id, project_id
            FROM jsonb_array_elements_text(NULLIF(new_state -> 'imported_hashes', 'null')) AS hash;
        END IF;

        -- A rotation changes this only if no secret was retiring before it.
        is_not_retiring := new_state IS NOT NULL AND new_state ->> 'retiring_until' IS NULL;
        IF is_not_retiring <> (old_state IS NOT NULL AND old_state ->> 'retiring_until' IS NULL) THEN
            IF is_not_retiring THEN
                INSERT INTO KeysNotRetiringKey (ServiceId, ProjectId, CreatedAt, Id)
                VALUES (NEW.ServiceId, project_id, state ->> 'created_at', owner_id)
                ON CONFLICT DO NOTHING;
            ELSE
                DELETE FROM KeysNotRetiringKey
                WHERE ServiceId = OLD.ServiceId AND ProjectId = project_id AND CreatedAt = state ->> 'created_at'
                  AND Id = owner_id;
            END IF;
        END IF;

    ELSE
        -- While a project is being erased, its limit is negative: no key is created, and deletions are not recorded.
        max_keys := CASE WHEN new_state ->> 'erasure_requested_at' IS NOT NULL THEN -1
                         ELSE COALESCE((new_state ->> 'max_virtual_keys')::integer, 10000) END;
        old_max_keys := CASE WHEN old_state ->> 'erasure_requested_at' IS NOT NULL THEN -1
                             ELSE COALESCE((old_state ->> 'max_virtual_keys')::integer, 10000) END;
        IF max_keys <> old_max_keys THEN
            INSERT INTO KeysProjectUsage (ServiceId, ProjectId, MaxVirtualKeys)
            VALUES (COALESCE(NEW.ServiceId, OLD.ServiceId), project_id, max_keys)
            ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET MaxVirtualKeys = excluded.MaxVirtualKeys;
        END IF;

        IF new_state ->> 'archived_at' IS NOT NULL
            AND old_state IS NOT NULL AND old_state ->> 'archived_at' IS NULL THEN
            UPDATE KeysStateIndex SET Owner = list_owner
            WHERE ServiceId = NEW.ServiceId AND StateName = state_name AND Owner = ''
              AND CreatedAt = state ->> 'created_at' AND Id = owner_id;
        END IF;
    END IF;

    -- The state was deleted or cleared.
    IF new_state IS NULL THEN
        DELETE FROM KeysStateIndex
        WHERE ServiceId = OLD.ServiceId AND StateName = state_name AND Owner = list_owner
          AND CreatedAt = state ->> 'created_at' AND Id = owner_id;
        IF state_name = 'virtual-key' AND EXISTS (
            SELECT 1 FROM KeysProjectUsage u
            WHERE u.ServiceId = OLD.ServiceId AND u.ProjectId = project_id AND u.MaxVirtualKeys < 0) THEN
            RETURN NULL;
        END IF;

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
            ELSIF state - keys_derived_members() = old_state - keys_derived_members()
                AND (state -> 'secrets' IS NOT DISTINCT FROM old_state -> 'secrets'
                    OR keys_secrets_without_use(state -> 'secrets')
                        IS NOT DISTINCT FROM keys_secrets_without_use(old_state -> 'secrets'))
                AND (state -> 'api_keys' IS NOT DISTINCT FROM old_state -> 'api_keys'
                    OR keys_api_keys_without_use(state -> 'api_keys')
                        IS NOT DISTINCT FROM keys_api_keys_without_use(old_state -> 'api_keys')) THEN
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

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_trigger
        WHERE tgrelid = 'OrleansStorage'::regclass AND tgname = 'keys_state_written') THEN
        CREATE TRIGGER keys_state_written AFTER INSERT OR DELETE OR UPDATE ON OrleansStorage
        FOR EACH ROW EXECUTE FUNCTION keys_state_written();
    END IF;
END
$$;


-- -----------------------------------------------------------------------------------------------------------------
-- Leases: the silos and clients that may validate from their caches
-- -----------------------------------------------------------------------------------------------------------------

-- A call that ends validity reads this table after its commit. It waits for each row until
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
-- Webhooks. Source: docs/adr/0027-webhooks.md.
-- -----------------------------------------------------------------------------------------------------------------

-- The silo that follows the events, and the position after those whose deliveries are stored.
CREATE TABLE IF NOT EXISTS KeysWebhookLeader
(
    ServiceId varchar(150) COLLATE "C" PRIMARY KEY,
    Silo      text NOT NULL,
    ExpiresAt text COLLATE "C" NOT NULL,
    Cursor    text
);

-- Requests to send the events of a webhook since a time again. Position is that of the next page of events, null for
-- the first one. Version is random, and changes with each request and each page.
CREATE TABLE IF NOT EXISTS KeysWebhookRedelivery
(
    ServiceId varchar(150) COLLATE "C" NOT NULL,
    WebhookId varchar(512) COLLATE "C" NOT NULL,
    ProjectId varchar(512) COLLATE "C" NOT NULL,
    Since     text COLLATE "C" NOT NULL,
    Position  text,
    Version   text NOT NULL,
    PRIMARY KEY (ServiceId, WebhookId)
);

-- Position is null for a test. OwnerId is the virtual key or project whose deliveries are sent in order. Status is 0
-- while the delivery is pending, 1 when it was accepted, 2 when it was not and is not sent again, and 3 while its
-- webhook is disabled.
CREATE TABLE IF NOT EXISTS KeysWebhookDelivery
(
    ServiceId     varchar(150) COLLATE "C" NOT NULL,
    Id            varchar(512) COLLATE "C" NOT NULL,
    ProjectId     varchar(512) COLLATE "C" NOT NULL,
    WebhookId     varchar(512) COLLATE "C" NOT NULL,
    OwnerId       varchar(512) COLLATE "C" NOT NULL,
    Position      bigint,
    Type          text     NOT NULL,
    Payload       text     NOT NULL,
    CreatedAt     text     COLLATE "C" NOT NULL,
    Status        smallint NOT NULL,
    AttemptCount  integer  NOT NULL,
    Attempts      text     NOT NULL,
    FailingSince  text     COLLATE "C",
    NextAttemptAt text     COLLATE "C",
    PRIMARY KEY (ServiceId, Id)
);

DO $$
BEGIN
    -- For the list of the API, and for the deletion of a project.
    IF to_regclass('ix_KeysWebhookDelivery_List') IS NULL THEN
        CREATE INDEX ix_KeysWebhookDelivery_List ON KeysWebhookDelivery (ServiceId, ProjectId, WebhookId, Id);
    END IF;

    -- No event is delivered to a webhook twice.
    IF to_regclass('ix_KeysWebhookDelivery_Event') IS NULL THEN
        CREATE UNIQUE INDEX ix_KeysWebhookDelivery_Event ON KeysWebhookDelivery (ServiceId, WebhookId, Position);
    END IF;

    IF to_regclass('ix_KeysWebhookDelivery_Pending') IS NULL THEN
        CREATE INDEX ix_KeysWebhookDelivery_Pending ON KeysWebhookDelivery (ServiceId, WebhookId, OwnerId, Position)
            WHERE Status = 0;
    END IF;

    IF to_regclass('ix_KeysWebhookDelivery_Completed') IS NULL THEN
        CREATE INDEX ix_KeysWebhookDelivery_Completed ON KeysWebhookDelivery (ServiceId, CreatedAt)
            WHERE Status <> 0;
    END IF;
END
$$;


-- -----------------------------------------------------------------------------------------------------------------
-- Settings: values that all silos of a cluster must share for as long as the data exists. The first writer of a name
-- wins.
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS KeysSettings
(
    Name  varchar(150) COLLATE "C" PRIMARY KEY,
    Value text NOT NULL
);


-- Copies the virtual keys of a build that did not have KeysVirtualKey, and counts them. Runs once, outside a
-- transaction, and commits after each batch, so that no writer waits for it longer than a batch takes. A row that a
-- writer has copied meanwhile is newer, and stays.
CREATE OR REPLACE PROCEDURE keys_index_virtual_keys() LANGUAGE plpgsql AS $$
DECLARE
    last_row KeysStateIndex;
    batch KeysStateIndex[];
    project record;
BEGIN
    IF EXISTS (SELECT 1 FROM KeysSettings WHERE Name = 'virtual_keys_indexed') THEN
        RETURN;
    END IF;

    last_row.ServiceId := '';
    last_row.Owner := '';
    last_row.CreatedAt := '';
    last_row.Id := '';
    LOOP
        batch := ARRAY(
            SELECT i FROM KeysStateIndex i
            WHERE i.StateName = 'virtual-key'
              AND (i.ServiceId, i.Owner, i.CreatedAt, i.Id)
                > (last_row.ServiceId, last_row.Owner, last_row.CreatedAt, last_row.Id)
            ORDER BY i.ServiceId, i.Owner, i.CreatedAt, i.Id
            LIMIT 1000);
        EXIT WHEN batch = '{}';
        last_row := batch[array_upper(batch, 1)];

        WITH states AS MATERIALIZED (
            SELECT s.ServiceId, keys_state_fields(s.PayloadBinary) AS state
            FROM unnest(batch) i
            JOIN OrleansStorage s
                ON s.GrainIdHash = i.GrainIdHash AND s.GrainTypeHash = i.GrainTypeHash
                AND s.ServiceId = i.ServiceId AND s.GrainTypeString = i.StateName
                AND s.GrainIdN0 = i.GrainIdN0 AND s.GrainIdN1 = i.GrainIdN1
                AND COALESCE(s.GrainIdExtensionString, '') = COALESCE(i.GrainIdExtensionString, '')
            WHERE s.PayloadBinary IS NOT NULL),
        indexed AS (
            INSERT INTO KeysVirtualKey
            SELECT (keys_virtual_key_row(ServiceId, state)).* FROM states
            ON CONFLICT DO NOTHING)
        INSERT INTO KeysRetiringKey
        SELECT ServiceId, state ->> 'project_id', state ->> 'id', max(secret ->> 'valid_until')
        FROM states, jsonb_array_elements(state #> '{secrets,replaced}') secret
        WHERE state ->> 'revoked_at' IS NULL AND secret ->> 'is_expired' IS NULL
        GROUP BY 1, 2, 3
        ON CONFLICT DO NOTHING;
        COMMIT;
    END LOOP;

    -- A create holds the row of its project until it has committed, so the count that follows contains it.
    FOR project IN SELECT DISTINCT ServiceId, ProjectId FROM KeysVirtualKey LOOP
        INSERT INTO KeysProjectUsage AS u (ServiceId, ProjectId) VALUES (project.ServiceId, project.ProjectId)
        ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = u.VirtualKeys;
        UPDATE KeysProjectUsage u
        SET VirtualKeys = (
            SELECT count(*) FROM KeysVirtualKey k
            WHERE k.ServiceId = u.ServiceId AND k.ProjectId = u.ProjectId AND k.Status <> 'revoked')
        WHERE u.ServiceId = project.ServiceId AND u.ProjectId = project.ProjectId;
        COMMIT;
    END LOOP;

    INSERT INTO KeysSettings (Name, Value) VALUES ('virtual_keys_indexed', 'true') ON CONFLICT DO NOTHING;
END
$$;

-- Adds the virtual keys of a build that did not have KeysNotRetiringKey, in the same way.
CREATE OR REPLACE PROCEDURE keys_index_not_retiring_keys() LANGUAGE plpgsql AS $$
DECLARE
    writers text[];
    last_row KeysVirtualKey;
    batch KeysVirtualKey[];
BEGIN
    IF EXISTS (SELECT 1 FROM KeysSettings WHERE Name = 'not_retiring_keys_indexed') THEN
        RETURN;
    END IF;

    -- A write that began before the trigger function was replaced adds no row, so its key must be visible here.
    writers := ARRAY(
        SELECT virtualtransaction FROM pg_locks
        WHERE relation = 'OrleansStorage'::regclass AND mode = 'RowExclusiveLock'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
    WHILE EXISTS (SELECT 1 FROM pg_locks WHERE virtualtransaction = ANY (writers)) LOOP
        COMMIT;
        PERFORM pg_sleep(0.05);
    END LOOP;

    last_row.ServiceId := '';
    last_row.ProjectId := '';
    last_row.Id := '';
    LOOP
        batch := ARRAY(
            SELECT k FROM KeysVirtualKey k
            WHERE (k.ServiceId, k.ProjectId, k.Id) > (last_row.ServiceId, last_row.ProjectId, last_row.Id)
            ORDER BY k.ServiceId, k.ProjectId, k.Id
            LIMIT 1000);
        EXIT WHEN batch = '{}';
        last_row := batch[array_upper(batch, 1)];

        INSERT INTO KeysNotRetiringKey
        SELECT k.ServiceId, k.ProjectId, k.CreatedAt, k.Id FROM unnest(batch) k
        WHERE NOT EXISTS (
            SELECT 1 FROM KeysRetiringKey r
            WHERE r.ServiceId = k.ServiceId AND r.ProjectId = k.ProjectId AND r.Id = k.Id)
        ON CONFLICT DO NOTHING;
        COMMIT;
    END LOOP;

    INSERT INTO KeysSettings (Name, Value) VALUES ('not_retiring_keys_indexed', 'true') ON CONFLICT DO NOTHING;
END
$$;


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


-- -----------------------------------------------------------------------------------------------------------------
-- Roles. deploy/postgresql/roles.sql creates them; keys_grant_privileges gives them what they need, and does nothing
-- where they do not exist. Source: docs/adr/0024-database-roles.md.
-- -----------------------------------------------------------------------------------------------------------------

-- Settings that only the owner of the schema may change.
CREATE TABLE IF NOT EXISTS KeysOwnerSettings
(
    Name  varchar(150) COLLATE "C" PRIMARY KEY,
    Value text NOT NULL
);

-- The role of the service cannot delete events except through this function and the next one.
--
-- Deletes events of a service from before a time, but none that is younger than the setting 'events_keep_for'.
CREATE OR REPLACE FUNCTION keys_delete_events(service_id text, before text, max_rows integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    keep_for interval := (SELECT Value::interval FROM KeysOwnerSettings WHERE Name = 'events_keep_for');
    latest text := to_char(
        (clock_timestamp() - keep_for) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') COLLATE "C";
    deleted integer;
BEGIN
    DELETE FROM KeysEvent WHERE Position IN (
        SELECT Position FROM KeysEvent
        WHERE ServiceId = service_id AND At COLLATE "C" < LEAST(before COLLATE "C", latest)
        ORDER BY At COLLATE "C"
        LIMIT max_rows);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

-- Deletes events of a project that is being erased, without the events of the request to erase it. The trigger has set
-- the negative limit of such a project.
CREATE OR REPLACE FUNCTION keys_erase_events(service_id text, project text, max_rows integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    deleted integer;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM KeysProjectUsage
        WHERE ServiceId = service_id AND ProjectId = project AND MaxVirtualKeys < 0) THEN
        RETURN 0;
    END IF;

    DELETE FROM KeysEvent WHERE Position IN (
        SELECT Position FROM KeysEvent
        WHERE ServiceId = service_id AND ProjectId = project AND Type <> 'erasure_requested'
        LIMIT max_rows);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

REVOKE ALL ON PROCEDURE keys_index_virtual_keys(), keys_index_not_retiring_keys() FROM PUBLIC;

-- Replacing a function resets what this sets, so the script sets it in its own transaction: otherwise silos of another
-- role could not write until the migration has ended.
CREATE OR REPLACE FUNCTION keys_secure_functions() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    -- These run with the privileges of the owner. The fixed search path keeps a caller from substituting objects of its
    -- own; without pg_temp at its end, temporary tables would come first. Nobody may attach the trigger function to
    -- another table, which would write events of any content.
    FOREACH name IN ARRAY '{keys_state_written(),"keys_delete_events(text,text,integer)",
        "keys_erase_events(text,text,integer)"}'::text[] LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = %I, pg_temp', name, current_schema());
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION keys_secure_functions() FROM PUBLIC;
SELECT keys_secure_functions();

-- The migration calls this each time, so that it covers roles that were created later.
CREATE OR REPLACE FUNCTION keys_grant_privileges() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keys_secure_functions();

    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'keys_service') THEN
        REVOKE ALL ON OrleansQuery, OrleansMembershipTable, OrleansMembershipVersionTable, OrleansStorage,
            OrleansRemindersTable, KeysListedState, KeysStateIndex, KeysVirtualKey, KeysRetiringKey,
            KeysNotRetiringKey, KeysImportedSecret, KeysProjectUsage, KeysEvent, KeysLease, KeysSettings,
            KeysOwnerSettings, KeysWebhookLeader, KeysWebhookDelivery, KeysWebhookRedelivery, schemaversions
            FROM keys_service;

        -- SQL that silos execute, and what only the migrations write.
        GRANT SELECT ON OrleansQuery, KeysOwnerSettings, schemaversions TO keys_service;

        -- What only the trigger writes, as the owner.
        GRANT SELECT ON KeysListedState, KeysStateIndex, KeysVirtualKey, KeysRetiringKey, KeysNotRetiringKey,
            KeysImportedSecret, KeysProjectUsage, KeysEvent TO keys_service;

        GRANT SELECT, INSERT, UPDATE, DELETE ON OrleansStorage, OrleansRemindersTable, OrleansMembershipTable,
            OrleansMembershipVersionTable, KeysLease, KeysWebhookLeader, KeysWebhookDelivery, KeysWebhookRedelivery
            TO keys_service;
        GRANT SELECT, INSERT, UPDATE ON KeysSettings TO keys_service;
        GRANT EXECUTE ON FUNCTION keys_delete_events(text, text, integer), keys_erase_events(text, text, integer)
            TO keys_service;
    END IF;

    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'keys_gateways') THEN
        GRANT SELECT ON OrleansQuery, OrleansMembershipTable, OrleansMembershipVersionTable TO keys_gateways;
    END IF;
END
$$;

REVOKE ALL ON FUNCTION keys_grant_privileges() FROM PUBLIC;
