-- The schema of the embedded topology. One process owns the file, so there are no tables for membership and leases.
--
-- To change the schema, edit this script, give the file the next number, and add its former name to MigrationScripts. A
-- script is applied once per name: with the same name, existing files would not receive the change. Write each
-- statement so that it also upgrades the schema of the previous build.
--
-- The script can be applied to a file that already has the schema, or that of an earlier build. SQLite has no CREATE OR
-- REPLACE TRIGGER, so triggers are dropped and created again; the migrator runs the whole script in one transaction.


-- -----------------------------------------------------------------------------------------------------------------
-- Grain state. The Orleans providers prescribe the tables whose names start with "Orleans", and their columns. They
-- compute hashes as signed 32-bit integers.
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS OrleansStorage
(
    GrainIdHash            INTEGER NOT NULL,
    GrainIdN0              INTEGER NOT NULL,
    GrainIdN1              INTEGER NOT NULL,
    GrainTypeHash          INTEGER NOT NULL,
    GrainTypeString        TEXT    NOT NULL,
    GrainIdExtensionString TEXT,
    ServiceId              TEXT    NOT NULL,
    PayloadBinary          BLOB,
    ModifiedOn             TEXT    NOT NULL,
    Version                INTEGER NOT NULL
) STRICT;

-- Unlike the stock Orleans script, this one allows only one row per grain. SQLite treats NULLs in a unique index as
-- distinct, so the index replaces NULL by an empty text.
CREATE UNIQUE INDEX IF NOT EXISTS ux_OrleansStorage ON OrleansStorage
    (GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, IFNULL(GrainIdExtensionString, ''));


-- What a list reads of a state: without idempotency records and the changes of its last event, which may be most of a
-- large state. Most states are small, and are read as they are, like a payload that is not a state.
--
-- The MAC cannot be verified without the rest of the state.
DROP VIEW IF EXISTS KeysListedState;
CREATE VIEW KeysListedState AS
SELECT GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString,
       CASE WHEN length(PayloadBinary) > 4096 AND json_valid(CAST(PayloadBinary AS TEXT))
            THEN CAST(json_remove(CAST(PayloadBinary AS TEXT), '$.mac', '$.receipts', '$.change.changes') AS BLOB)
            ELSE PayloadBinary END AS Payload
FROM OrleansStorage;


-- -----------------------------------------------------------------------------------------------------------------
-- State index: one row per stored virtual key and project, from which the API's lists are read
-- -----------------------------------------------------------------------------------------------------------------

-- Owner is a key's project; for a project it is empty, and 'archived' for an archived one. CreatedAt and Id are
-- immutable, so an update of a state changes its row here only when a project is archived.
CREATE TABLE IF NOT EXISTS KeysStateIndex
(
    ServiceId              TEXT    NOT NULL,
    StateName              TEXT    NOT NULL,
    Owner                  TEXT    NOT NULL,
    -- Timestamps in text form sort chronologically only while they all have the same width.
    CreatedAt              TEXT    NOT NULL CHECK (CreatedAt LIKE '____-__-__T__:__:__.___Z'),
    Id                     TEXT    NOT NULL,
    GrainIdHash            INTEGER NOT NULL,
    GrainTypeHash          INTEGER NOT NULL,
    GrainIdN0              INTEGER NOT NULL,
    GrainIdN1              INTEGER NOT NULL,
    GrainIdExtensionString TEXT,
    PRIMARY KEY (ServiceId, StateName, Owner, CreatedAt, Id)
) STRICT, WITHOUT ROWID;


-- -----------------------------------------------------------------------------------------------------------------
-- Virtual keys: the rows by which lists are filtered, unique external ids, and a limit on the keys of a project
-- -----------------------------------------------------------------------------------------------------------------

-- Each filter has an index that starts with it. They end with CreatedAt and Id, or are sorted by the filtered value, so
-- that a page is a range of one index.
CREATE TABLE IF NOT EXISTS KeysVirtualKey
(
    ServiceId       TEXT NOT NULL,
    ProjectId       TEXT NOT NULL,
    CreatedAt       TEXT NOT NULL,
    Id              TEXT NOT NULL,
    Name            TEXT NOT NULL,
    Status          TEXT NOT NULL,
    Environment     TEXT NOT NULL,
    ExternalId      TEXT,
    PrincipalUserId TEXT,
    ExpiresAt       TEXT,
    PRIMARY KEY (ServiceId, ProjectId, Id)
) STRICT, WITHOUT ROWID;

-- By which webhooks find virtual keys that expire.
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_Expires ON KeysVirtualKey (ServiceId, ExpiresAt)
    WHERE ExpiresAt IS NOT NULL;

-- A table of its own, because a rotation changes it.
CREATE TABLE IF NOT EXISTS KeysRetiringKey
(
    ServiceId     TEXT NOT NULL,
    ProjectId     TEXT NOT NULL,
    Id            TEXT NOT NULL,
    RetiringUntil TEXT NOT NULL,
    PRIMARY KEY (ServiceId, ProjectId, Id)
) STRICT, WITHOUT ROWID;

-- The keys that have no row in KeysRetiringKey, in the order of a list. Those whose RetiringUntil has passed are in
-- KeysRetiringKey until the erasure of their secrets.
CREATE TABLE IF NOT EXISTS KeysNotRetiringKey
(
    ServiceId TEXT NOT NULL,
    ProjectId TEXT NOT NULL,
    CreatedAt TEXT NOT NULL,
    Id        TEXT NOT NULL,
    PRIMARY KEY (ServiceId, ProjectId, CreatedAt, Id)
) STRICT, WITHOUT ROWID;

-- The hashes of secrets that other systems issued, by which their keys are found: such a secret does not name its key.
CREATE TABLE IF NOT EXISTS KeysImportedSecret
(
    ServiceId TEXT NOT NULL,
    Hash      TEXT NOT NULL,
    Id        TEXT NOT NULL,
    ProjectId TEXT NOT NULL,
    PRIMARY KEY (ServiceId, Hash)
) STRICT, WITHOUT ROWID;

-- The number of virtual keys of a project that are not revoked, and its limit.
CREATE TABLE IF NOT EXISTS KeysProjectUsage
(
    ServiceId      TEXT    NOT NULL,
    ProjectId      TEXT    NOT NULL,
    VirtualKeys    INTEGER NOT NULL DEFAULT 0,
    MaxVirtualKeys INTEGER NOT NULL DEFAULT 10000,
    PRIMARY KEY (ServiceId, ProjectId)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS ux_KeysVirtualKey_ExternalId ON KeysVirtualKey (ServiceId, ProjectId, ExternalId)
    WHERE ExternalId IS NOT NULL AND Status <> 'revoked';
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_CreatedAt ON KeysVirtualKey (ServiceId, ProjectId, CreatedAt, Id);
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_ExternalId
    ON KeysVirtualKey (ServiceId, ProjectId, ExternalId, CreatedAt, Id)
    WHERE ExternalId IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_PrincipalUserId
    ON KeysVirtualKey (ServiceId, ProjectId, PrincipalUserId, CreatedAt, Id)
    WHERE PrincipalUserId IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_ExpiresAt ON KeysVirtualKey (ServiceId, ProjectId, ExpiresAt, Id)
    WHERE ExpiresAt IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_Name ON KeysVirtualKey (ServiceId, ProjectId, Name, Id);
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_Status ON KeysVirtualKey (ServiceId, ProjectId, Status, CreatedAt, Id);
CREATE INDEX IF NOT EXISTS ix_KeysVirtualKey_Environment
    ON KeysVirtualKey (ServiceId, ProjectId, Environment, CreatedAt, Id);
CREATE INDEX IF NOT EXISTS ix_KeysRetiringKey_RetiringUntil
    ON KeysRetiringKey (ServiceId, ProjectId, RetiringUntil, Id);

-- The states of a build that did not have these tables.
INSERT INTO KeysVirtualKey
SELECT ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.created_at'),
       json_extract(state, '$.id'), IFNULL(json_extract(state, '$.name'), ''),
       CASE WHEN json_extract(state, '$.revoked_at') IS NOT NULL THEN 'revoked'
            WHEN json_extract(state, '$.disabled_at') IS NOT NULL THEN 'disabled'
            ELSE 'active' END,
       IFNULL(json_extract(state, '$.environment'), 'live'), json_extract(state, '$.external_id'),
       json_extract(state, '$.principal_user_id'), json_extract(state, '$.expires_at')
FROM (
    SELECT ServiceId, CAST(PayloadBinary AS TEXT) AS state FROM OrleansStorage
    WHERE GrainTypeString = 'virtual-key' AND PayloadBinary IS NOT NULL AND json_valid(CAST(PayloadBinary AS TEXT)))
WHERE true
ON CONFLICT DO NOTHING;

INSERT INTO KeysRetiringKey
SELECT ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.id'),
       MAX(json_extract(secret.value, '$.valid_until'))
FROM (
    SELECT ServiceId, CAST(PayloadBinary AS TEXT) AS state FROM OrleansStorage
    WHERE GrainTypeString = 'virtual-key' AND PayloadBinary IS NOT NULL AND json_valid(CAST(PayloadBinary AS TEXT))),
    json_each(state, '$.secrets.replaced') secret
WHERE json_extract(state, '$.revoked_at') IS NULL AND IFNULL(json_extract(secret.value, '$.is_expired'), 0) = 0
GROUP BY 1, 2, 3
ON CONFLICT DO NOTHING;

INSERT INTO KeysNotRetiringKey
SELECT k.ServiceId, k.ProjectId, k.CreatedAt, k.Id
FROM KeysVirtualKey k
LEFT JOIN KeysRetiringKey r ON r.ServiceId = k.ServiceId AND r.ProjectId = k.ProjectId AND r.Id = k.Id
WHERE r.Id IS NULL
ON CONFLICT DO NOTHING;

INSERT INTO KeysProjectUsage (ServiceId, ProjectId, VirtualKeys)
SELECT ServiceId, ProjectId, COUNT(*) FROM KeysVirtualKey WHERE Status <> 'revoked' GROUP BY 1, 2
ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = excluded.VirtualKeys;


-- -----------------------------------------------------------------------------------------------------------------
-- Events: one row per event of a virtual key or project
-- -----------------------------------------------------------------------------------------------------------------

-- A row contains neither a secret nor a hash of one. Number counts the events of one key or project; it is null for
-- events that the service did not number. Changes is an object such as {"name": {"old": "a", "new": "b"}}.
CREATE TABLE IF NOT EXISTS KeysEvent
(
    Position      INTEGER PRIMARY KEY AUTOINCREMENT,
    ServiceId     TEXT    NOT NULL,
    StateName     TEXT    NOT NULL,
    Id            TEXT    NOT NULL,
    ProjectId     TEXT    NOT NULL,
    Number        INTEGER,
    Revision      INTEGER NOT NULL,
    Type          TEXT    NOT NULL,
    ActorKind     TEXT,
    ActorId       TEXT,
    Actor         TEXT    NOT NULL,
    RequestId     TEXT,
    SourceAddress TEXT,
    SecretId      TEXT,
    Changes       TEXT,
    At            TEXT    NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS ix_KeysEvent_Id ON KeysEvent (ServiceId, StateName, Id, Position);

-- The indexes by which the API lists events. Each starts with a filter and ends with the order of the list.

CREATE INDEX IF NOT EXISTS ix_KeysEvent_Project ON KeysEvent (ServiceId, ProjectId, Position);
CREATE INDEX IF NOT EXISTS ix_KeysEvent_Type ON KeysEvent (ServiceId, ProjectId, StateName, Type, Position);
CREATE INDEX IF NOT EXISTS ix_KeysEvent_Actor ON KeysEvent (ServiceId, ProjectId, COALESCE(ActorId, Actor), Position);
CREATE INDEX IF NOT EXISTS ix_KeysEvent_ProjectAt ON KeysEvent (ServiceId, ProjectId, At, Position);

-- Also for the deletion of old events.
CREATE INDEX IF NOT EXISTS ix_KeysEvent_At ON KeysEvent (ServiceId, At, Position);


-- -----------------------------------------------------------------------------------------------------------------
-- Reminders
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS OrleansRemindersTable
(
    ServiceId    TEXT    NOT NULL,
    GrainId      TEXT    NOT NULL,
    ReminderName TEXT    NOT NULL,
    -- 'YYYY-MM-DD HH:MM:SS[.fffffff]' in UTC, as Microsoft.Data.Sqlite writes it: the text sorts chronologically.
    StartTime    TEXT    NOT NULL,
    Period       INTEGER NOT NULL,
    GrainHash    INTEGER NOT NULL,
    Version      INTEGER NOT NULL,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
) STRICT, WITHOUT ROWID;

-- The range queries filter by both StartTime and GrainHash: with both in the index, they look up only the rows that
-- they return.
CREATE INDEX IF NOT EXISTS ix_OrleansRemindersTable_DueHash ON OrleansRemindersTable (ServiceId, StartTime, GrainHash);


-- -----------------------------------------------------------------------------------------------------------------
-- Triggers that maintain the state index, the events and the reminders in the transaction that writes the state: a
-- change that cannot be indexed or recorded is rolled back
-- -----------------------------------------------------------------------------------------------------------------

-- Payloads are cast to TEXT because json_extract interprets a BLOB as JSONB, SQLite's binary JSON format.

DROP TRIGGER IF EXISTS keys_state_insert;
CREATE TRIGGER keys_state_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysStateIndex
        (ServiceId, StateName, Owner, CreatedAt, Id,
         GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
    SELECT NEW.ServiceId, NEW.GrainTypeString,
           CASE NEW.GrainTypeString WHEN 'project' THEN '' ELSE json_extract(state, '$.project_id') END,
           json_extract(state, '$.created_at'), json_extract(state, '$.id'),
           NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);

    INSERT INTO KeysEvent
        (ServiceId, StateName, Id, ProjectId, Number, Revision, Type, ActorKind, ActorId, Actor, RequestId,
         SourceAddress, SecretId, Changes, At)
    SELECT NEW.ServiceId, NEW.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE NEW.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           json_extract(state, '$.change.number'), json_extract(state, '$.revision'),
           json_extract(state, '$.change.action'), json_extract(state, '$.change.actor_kind'),
           json_extract(state, '$.change.actor_id'), json_extract(state, '$.change.actor'),
           json_extract(state, '$.change.request_id'), json_extract(state, '$.change.source_address'),
           json_extract(state, '$.change.secret_id'), json_extract(state, '$.change.changes'),
           json_extract(state, '$.change.at')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);

    -- The same row as UpsertReminderRowKey writes for the reminder, with the time in the form of Microsoft.Data.Sqlite.
    INSERT INTO OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
    SELECT NEW.ServiceId,
           CASE NEW.GrainTypeString WHEN 'project' THEN 'project/' ELSE 'vk/' END || json_extract(state, '$.id'),
           'erase-ended-secrets',
           rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', json_extract(state, '$.erase_at'), '+1 second'), '0'), '.'),
           60000, json_extract(state, '$.grain_hash'), 0
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.erase_at') IS NOT NULL AND json_extract(state, '$.grain_hash') IS NOT NULL
    ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
    SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = Version + 1;
END;

-- A state that is written again after it was cleared.
DROP TRIGGER IF EXISTS keys_state_restore;
CREATE TRIGGER keys_state_restore AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NULL AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysStateIndex
        (ServiceId, StateName, Owner, CreatedAt, Id,
         GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
    SELECT NEW.ServiceId, NEW.GrainTypeString,
           CASE NEW.GrainTypeString WHEN 'project' THEN '' ELSE json_extract(state, '$.project_id') END,
           json_extract(state, '$.created_at'), json_extract(state, '$.id'),
           NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);
END;

-- Virtual keys. Revoked keys do not count against the limit of the project.
DROP TRIGGER IF EXISTS keys_virtual_key_insert;
CREATE TRIGGER keys_virtual_key_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'virtual-key' AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, VirtualKeys)
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.revoked_at') IS NULL
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE true
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = VirtualKeys + excluded.VirtualKeys;

    SELECT RAISE(ABORT, 'too_many_virtual_keys')
    FROM KeysProjectUsage
    WHERE ServiceId = NEW.ServiceId AND ProjectId = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id')
      AND VirtualKeys > MaxVirtualKeys AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.revoked_at') IS NULL;

    INSERT INTO KeysVirtualKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.created_at'),
           json_extract(state, '$.id'), IFNULL(json_extract(state, '$.name'), ''),
           CASE WHEN json_extract(state, '$.revoked_at') IS NOT NULL THEN 'revoked'
                WHEN json_extract(state, '$.disabled_at') IS NOT NULL THEN 'disabled'
                ELSE 'active' END,
           IFNULL(json_extract(state, '$.environment'), 'live'), json_extract(state, '$.external_id'),
           json_extract(state, '$.principal_user_id'), json_extract(state, '$.expires_at')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);

    INSERT INTO KeysRetiringKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.id'),
           json_extract(state, '$.retiring_until')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.retiring_until') IS NOT NULL;

    INSERT INTO KeysNotRetiringKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.created_at'),
           json_extract(state, '$.id')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.retiring_until') IS NULL;
END;

DROP TRIGGER IF EXISTS keys_virtual_key_update;
CREATE TRIGGER keys_virtual_key_update AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'virtual-key' AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, VirtualKeys)
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'),
           (json_extract(state, '$.revoked_at') IS NULL)
           - (OLD.PayloadBinary IS NOT NULL AND json_extract(old_state, '$.revoked_at') IS NULL)
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state, CAST(OLD.PayloadBinary AS TEXT) AS old_state)
    WHERE (json_extract(state, '$.revoked_at') IS NULL)
       <> (OLD.PayloadBinary IS NOT NULL AND json_extract(old_state, '$.revoked_at') IS NULL)
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET VirtualKeys = VirtualKeys + excluded.VirtualKeys;

    INSERT INTO KeysVirtualKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.created_at'),
           json_extract(state, '$.id'), IFNULL(json_extract(state, '$.name'), ''),
           CASE WHEN json_extract(state, '$.revoked_at') IS NOT NULL THEN 'revoked'
                WHEN json_extract(state, '$.disabled_at') IS NOT NULL THEN 'disabled'
                ELSE 'active' END,
           IFNULL(json_extract(state, '$.environment'), 'live'), json_extract(state, '$.external_id'),
           json_extract(state, '$.principal_user_id'), json_extract(state, '$.expires_at')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE true
    ON CONFLICT (ServiceId, ProjectId, Id) DO UPDATE
    SET Name = excluded.Name, Status = excluded.Status, ExternalId = excluded.ExternalId,
        PrincipalUserId = excluded.PrincipalUserId, ExpiresAt = excluded.ExpiresAt
    WHERE (Name, Status, IFNULL(ExternalId, ''), IFNULL(PrincipalUserId, ''), IFNULL(ExpiresAt, ''))
       <> (excluded.Name, excluded.Status, IFNULL(excluded.ExternalId, ''), IFNULL(excluded.PrincipalUserId, ''),
           IFNULL(excluded.ExpiresAt, ''));

    DELETE FROM KeysRetiringKey
    WHERE ServiceId = NEW.ServiceId AND ProjectId = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id')
      AND RetiringUntil IS NOT json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.retiring_until');

    INSERT INTO KeysRetiringKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.id'),
           json_extract(state, '$.retiring_until')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.retiring_until') IS NOT NULL
    ON CONFLICT DO NOTHING;

    DELETE FROM KeysNotRetiringKey
    WHERE ServiceId = NEW.ServiceId AND ProjectId = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id')
      AND CreatedAt = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id')
      AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.retiring_until') IS NOT NULL;

    INSERT INTO KeysNotRetiringKey
    SELECT NEW.ServiceId, json_extract(state, '$.project_id'), json_extract(state, '$.created_at'),
           json_extract(state, '$.id')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.retiring_until') IS NULL
    ON CONFLICT DO NOTHING;
END;

DROP TRIGGER IF EXISTS keys_virtual_key_clear;
CREATE TRIGGER keys_virtual_key_clear AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString = 'virtual-key' AND OLD.PayloadBinary IS NOT NULL AND NEW.PayloadBinary IS NULL
BEGIN
    DELETE FROM KeysVirtualKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    DELETE FROM KeysRetiringKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    DELETE FROM KeysNotRetiringKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    UPDATE KeysProjectUsage SET VirtualKeys = VirtualKeys - 1
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.revoked_at') IS NULL;
END;

DROP TRIGGER IF EXISTS keys_virtual_key_delete;
CREATE TRIGGER keys_virtual_key_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString = 'virtual-key' AND OLD.PayloadBinary IS NOT NULL
BEGIN
    DELETE FROM KeysVirtualKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    DELETE FROM KeysRetiringKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    DELETE FROM KeysNotRetiringKey
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
    UPDATE KeysProjectUsage SET VirtualKeys = VirtualKeys - 1
    WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id')
      AND json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.revoked_at') IS NULL;
END;

-- Imported secrets. The index is compared with the members of the states, so that other changes leave it alone.
DROP TRIGGER IF EXISTS keys_imported_secret_insert;
CREATE TRIGGER keys_imported_secret_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'virtual-key' AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysImportedSecret (ServiceId, Hash, Id, ProjectId)
    SELECT NEW.ServiceId, hash.value, json_extract(state, '$.id'), json_extract(state, '$.project_id')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state), json_each(state, '$.imported_hashes') hash
    WHERE hash.value IS NOT NULL;
END;

DROP TRIGGER IF EXISTS keys_imported_secret_update;
CREATE TRIGGER keys_imported_secret_update AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'virtual-key' AND IFNULL(json_valid(CAST(NEW.PayloadBinary AS TEXT)), 1)
    AND IFNULL(json_valid(CAST(OLD.PayloadBinary AS TEXT)), 1)
    AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.imported_hashes')
        IS NOT json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.imported_hashes')
BEGIN
    DELETE FROM KeysImportedSecret
    WHERE ServiceId = OLD.ServiceId AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id')
      AND Hash IN (
        SELECT value FROM json_each(CAST(OLD.PayloadBinary AS TEXT), '$.imported_hashes'));
    INSERT INTO KeysImportedSecret (ServiceId, Hash, Id, ProjectId)
    SELECT NEW.ServiceId, hash.value, json_extract(state, '$.id'), json_extract(state, '$.project_id')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state), json_each(state, '$.imported_hashes') hash
    WHERE hash.value IS NOT NULL;
END;

DROP TRIGGER IF EXISTS keys_imported_secret_delete;
CREATE TRIGGER keys_imported_secret_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString = 'virtual-key' AND OLD.PayloadBinary IS NOT NULL
BEGIN
    DELETE FROM KeysImportedSecret
    WHERE ServiceId = OLD.ServiceId AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id')
      AND Hash IN (
        SELECT value FROM json_each(CAST(OLD.PayloadBinary AS TEXT), '$.imported_hashes'));
END;

-- The limits of projects.
DROP TRIGGER IF EXISTS keys_project_insert;
CREATE TRIGGER keys_project_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'project' AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.max_virtual_keys') IS NOT NULL
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, MaxVirtualKeys)
    SELECT NEW.ServiceId, json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id'),
           json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.max_virtual_keys')
    WHERE true
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET MaxVirtualKeys = excluded.MaxVirtualKeys;
END;

-- The event of a change, and its reminder.
DROP TRIGGER IF EXISTS keys_state_update;
CREATE TRIGGER keys_state_update AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysEvent
        (ServiceId, StateName, Id, ProjectId, Number, Revision, Type, ActorKind, ActorId, Actor, RequestId,
         SourceAddress, SecretId, Changes, At)
    SELECT NEW.ServiceId, NEW.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE NEW.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           CASE kind WHEN 'numbered' THEN number END, revision,
           CASE kind WHEN 'altered' THEN 'altered' ELSE json_extract(state, '$.change.action') END,
           CASE kind WHEN 'altered' THEN 'database' ELSE json_extract(state, '$.change.actor_kind') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.actor_id') END,
           CASE kind WHEN 'altered' THEN 'database' ELSE json_extract(state, '$.change.actor') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.request_id') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.source_address') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.secret_id') END,
           CASE WHEN kind <> 'altered' THEN json_extract(state, '$.change.changes') END,
           CASE kind WHEN 'altered' THEN strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
                ELSE json_extract(state, '$.change.at') END
    FROM (
        SELECT *, CASE
            -- The service increments the version with each write, and neither number nor revision ever decreases.
            WHEN NEW.Version <> OLD.Version + 1 OR revision < old_revision OR number < old_number THEN 'altered'
            -- The state was written again after it was cleared, or the service numbered an event.
            WHEN OLD.PayloadBinary IS NULL OR number IS NOT NULL AND number IS NOT old_number THEN 'numbered'
            -- An older build does not number its changes.
            WHEN revision IS NOT old_revision THEN 'unnumbered'
            -- Compares the members as sets, because builds may order them differently, without those that the service
            -- writes without an event: they change no verdict and nothing that a caller set.
            WHEN EXISTS (
                SELECT 1
                FROM (
                    SELECT 1 AS side, fullkey, path, key, type, atom FROM json_tree(state)
                    UNION ALL
                    SELECT 2, fullkey, path, key, type, atom FROM json_tree(old_state))
                WHERE NOT IFNULL(
                    path = '$' AND key IN ('last_used_at', 'schema_version', 'erase_at', 'grain_hash', 'updated_at',
                        'retiring_until', 'imported_hashes', 'mac')
                    OR key IN ('last_used_at', 'last_used_from')
                        AND (path = '$.secrets.current' OR path GLOB '$.secrets.replaced[[][0-9]*]'
                            OR path GLOB '$."api_keys"[[][0-9]*].secrets.current'
                            OR path GLOB '$."api_keys"[[][0-9]*].secrets.replaced[[][0-9]*]'), 0)
                GROUP BY fullkey, type, atom
                HAVING COUNT(DISTINCT side) = 1) THEN 'altered'
            END AS kind
        FROM (
            SELECT state, old_state,
                   json_extract(state, '$.change.number') AS number,
                   json_extract(state, '$.revision') AS revision,
                   json_extract(old_state, '$.change.number') AS old_number,
                   json_extract(old_state, '$.revision') AS old_revision
            FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state, CAST(OLD.PayloadBinary AS TEXT) AS old_state))
        -- Keeps SQLite from inserting the expression of kind wherever it is used.
        LIMIT 1)
    WHERE kind IS NOT NULL;

    -- The same row as UpsertReminderRowKey writes for the reminder, with the time in the form of Microsoft.Data.Sqlite.
    INSERT INTO OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
    SELECT NEW.ServiceId,
           CASE NEW.GrainTypeString WHEN 'project' THEN 'project/' ELSE 'vk/' END || json_extract(state, '$.id'),
           'erase-ended-secrets',
           rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', json_extract(state, '$.erase_at'), '+1 second'), '0'), '.'),
           60000, json_extract(state, '$.grain_hash'), 0
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state)
    WHERE json_extract(state, '$.erase_at') IS NOT NULL AND json_extract(state, '$.grain_hash') IS NOT NULL
      AND json_extract(state, '$.erase_at') IS NOT json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.erase_at')
    ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
    SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = Version + 1;
END;

-- While a project is being erased, its limit is negative: no key is created, and deletions are not recorded.
DROP TRIGGER IF EXISTS keys_state_delete;
CREATE TRIGGER keys_state_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner IN ('', 'archived', json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id'))
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');

    INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, ActorKind, Actor, At)
    SELECT OLD.ServiceId, OLD.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE OLD.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           json_extract(state, '$.revision'), 'deleted', 'database', 'database',
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM (SELECT CAST(OLD.PayloadBinary AS TEXT) AS state)
    WHERE NOT EXISTS (
        SELECT 1 FROM KeysProjectUsage
        WHERE ServiceId = OLD.ServiceId AND ProjectId = json_extract(state, '$.project_id') AND MaxVirtualKeys < 0);
END;

DROP TRIGGER IF EXISTS keys_state_clear;
CREATE TRIGGER keys_state_clear AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL AND NEW.PayloadBinary IS NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner IN ('', 'archived', json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id'))
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');

    INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, ActorKind, Actor, At)
    SELECT OLD.ServiceId, OLD.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE OLD.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           json_extract(state, '$.revision'), 'deleted', 'database', 'database',
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM (SELECT CAST(OLD.PayloadBinary AS TEXT) AS state);
END;

DROP TRIGGER IF EXISTS keys_project_update;
CREATE TRIGGER keys_project_update AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString = 'project' AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysProjectUsage (ServiceId, ProjectId, MaxVirtualKeys)
    SELECT NEW.ServiceId, json_extract(state, '$.id'),
           CASE WHEN json_extract(state, '$.erasure_requested_at') IS NOT NULL THEN -1
                ELSE IFNULL(json_extract(state, '$.max_virtual_keys'), 10000) END
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state, CAST(OLD.PayloadBinary AS TEXT) AS old_state)
    WHERE json_extract(state, '$.max_virtual_keys') IS NOT json_extract(old_state, '$.max_virtual_keys')
       OR json_extract(state, '$.erasure_requested_at') IS NOT json_extract(old_state, '$.erasure_requested_at')
    ON CONFLICT (ServiceId, ProjectId) DO UPDATE SET MaxVirtualKeys = excluded.MaxVirtualKeys;

    UPDATE KeysStateIndex SET Owner = 'archived'
    WHERE ServiceId = NEW.ServiceId AND StateName = 'project' AND Owner = ''
      AND CreatedAt = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id')
      AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.archived_at') IS NOT NULL;
END;


-- -----------------------------------------------------------------------------------------------------------------
-- Webhooks. Source: docs/adr/0027-webhooks.md.
-- -----------------------------------------------------------------------------------------------------------------

-- The silo that follows the events, and the position after those whose deliveries are stored.
CREATE TABLE IF NOT EXISTS KeysWebhookLeader
(
    ServiceId TEXT PRIMARY KEY,
    Silo      TEXT NOT NULL,
    ExpiresAt TEXT NOT NULL,
    Cursor    TEXT
) STRICT;

-- Requests to send the events of a webhook since a time again. Position is that of the next page of events, null for
-- the first one. Version is random, and changes with each request and each page.
CREATE TABLE IF NOT EXISTS KeysWebhookRedelivery
(
    ServiceId TEXT NOT NULL,
    WebhookId TEXT NOT NULL,
    ProjectId TEXT NOT NULL,
    Since     TEXT NOT NULL,
    Position  TEXT,
    Version   TEXT NOT NULL,
    PRIMARY KEY (ServiceId, WebhookId)
) STRICT, WITHOUT ROWID;

-- Position is null for a test. OwnerId is the virtual key or project whose deliveries are sent in order. Status is 0
-- while the delivery is pending, 1 when it was accepted, 2 when it was not and is not sent again, and 3 while its
-- webhook is disabled.
CREATE TABLE IF NOT EXISTS KeysWebhookDelivery
(
    ServiceId     TEXT    NOT NULL,
    Id            TEXT    NOT NULL,
    ProjectId     TEXT    NOT NULL,
    WebhookId     TEXT    NOT NULL,
    OwnerId       TEXT    NOT NULL,
    Position      INTEGER,
    Type          TEXT    NOT NULL,
    Payload       TEXT    NOT NULL,
    CreatedAt     TEXT    NOT NULL,
    Status        INTEGER NOT NULL,
    AttemptCount  INTEGER NOT NULL,
    Attempts      TEXT    NOT NULL,
    FailingSince  TEXT,
    NextAttemptAt TEXT,
    PRIMARY KEY (ServiceId, Id)
) STRICT;

-- For the list of the API, and for the deletion of a project.
CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_List ON KeysWebhookDelivery (ServiceId, ProjectId, WebhookId, Id);

-- No event is delivered to a webhook twice.
CREATE UNIQUE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Event ON KeysWebhookDelivery (ServiceId, WebhookId, Position);

CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Pending
    ON KeysWebhookDelivery (ServiceId, WebhookId, OwnerId, Position) WHERE Status = 0;

CREATE INDEX IF NOT EXISTS ix_KeysWebhookDelivery_Completed
    ON KeysWebhookDelivery (ServiceId, CreatedAt) WHERE Status <> 0;


-- -----------------------------------------------------------------------------------------------------------------
-- Settings: values that must not change for as long as the data exists. The first writer of a name wins.
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS KeysSettings
(
    Name  TEXT NOT NULL PRIMARY KEY,
    Value TEXT NOT NULL
) STRICT, WITHOUT ROWID;


-- -----------------------------------------------------------------------------------------------------------------
-- Queries. Orleans reads the texts once, at the start of the silo, and refuses to start if one is missing. The keys,
-- the parameters and the result columns are prescribed by its providers.
-- -----------------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey  TEXT NOT NULL PRIMARY KEY,
    QueryText TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Grain state (Orleans.Persistence.AdoNet), each query in one statement, which is one transaction. A write of a stale
-- version returns no row, which the provider reports as InconsistentStateException.

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
-- Without a version, insert the row; if it exists already, the write returns nothing. With a version, insert only if
-- the stored row has that version: the insert then always conflicts, and ON CONFLICT turns it into an update.
('WriteToStorageKey', '
INSERT INTO OrleansStorage
    (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
     PayloadBinary, ModifiedOn, Version)
SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
       @PayloadBinary, strftime(''%Y-%m-%dT%H:%M:%fZ'', ''now''), 1
WHERE @GrainStateVersion IS NULL OR EXISTS (
    SELECT 1 FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
      AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND IFNULL(GrainIdExtensionString, '''') = IFNULL(@GrainIdExtensionString, '''')
      AND Version = @GrainStateVersion)
ON CONFLICT (GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1,
             IFNULL(GrainIdExtensionString, ''''))
DO UPDATE SET PayloadBinary = excluded.PayloadBinary, ModifiedOn = excluded.ModifiedOn, Version = Version + 1
WHERE @GrainStateVersion IS NOT NULL
RETURNING Version AS NewGrainStateVersion
'),

('ReadFromStorageKey', '
SELECT PayloadBinary, Version
FROM OrleansStorage
WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
  AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND IFNULL(GrainIdExtensionString, '''') = IFNULL(@GrainIdExtensionString, '''')
'),

-- The row is kept and its version incremented, so that a write of a version from before the clear still fails.
('ClearStorageKey', '
UPDATE OrleansStorage
SET PayloadBinary = NULL, ModifiedOn = strftime(''%Y-%m-%dT%H:%M:%fZ'', ''now''), Version = Version + 1
WHERE Version = @GrainStateVersion
  AND GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
  AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND IFNULL(GrainIdExtensionString, '''') = IFNULL(@GrainIdExtensionString, '''')
RETURNING Version AS NewGrainStateVersion
'),

-- The provider treats an unchanged version as a conflict, hence the + 1.
('DeleteStorageKey', '
DELETE FROM OrleansStorage
WHERE Version = @GrainStateVersion
  AND GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
  AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND IFNULL(GrainIdExtensionString, '''') = IFNULL(@GrainIdExtensionString, '''')
RETURNING Version + 1 AS NewGrainStateVersion
')
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Reminders (Orleans.Reminders.AdoNet).
--
-- Unlike the stock queries, the range queries return only reminders that are due within 20 minutes. A silo reads its
-- ranges every 5 minutes and schedules the reminders of the next 10 (ReminderOptions.ReminderLoadingWindow). Without
-- the filter it would read every reminder of every key each time. Keep the filter longer than the loading window: see
-- ReminderScheduleExtensions. Reminders whose StartTime has passed are always returned, since they tick until they
-- are removed.

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('UpsertReminderRowKey', '
INSERT INTO OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = Version + 1
RETURNING Version
'),

('ReadReminderRowKey', '
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName
'),

('ReadReminderRowsKey', '
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainId = @GrainId
'),

-- The provider compares the hashes as signed integers. It uses the first query for a range that does not wrap around,
-- and the second for one that does.
('ReadRangeRows1Key', '
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash
  AND StartTime <= datetime(''now'', ''+20 minutes'')
'),

('ReadRangeRows2Key', '
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)
  AND StartTime <= datetime(''now'', ''+20 minutes'')
'),

-- The provider expects a result row even if nothing was deleted, so RETURNING cannot be used.
('DeleteReminderRowKey', '
DELETE FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version;
SELECT changes()
'),

('DeleteReminderRowsKey', '
DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId
')
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
