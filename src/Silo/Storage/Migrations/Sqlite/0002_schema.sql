-- The schema of the embedded topology. One process owns the file, so there are no tables for membership and leases.
--
-- The script can be applied to a file that already has the schema. SQLite has no CREATE OR REPLACE TRIGGER, so triggers
-- are dropped and created again; the migrator runs the whole script in one transaction.


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


-- -----------------------------------------------------------------------------------------------------------------
-- State index: one row per stored virtual key and project, from which the API's lists are read
-- -----------------------------------------------------------------------------------------------------------------

-- Owner is a key's project; it is empty for a project. Owner, CreatedAt and Id are immutable, so an update of a state
-- does not change its row here.
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

-- Databases with the first schema have the table KeysAudit, whose rows are moved. Elsewhere it is created and dropped,
-- because SQLite has no conditional statements.
DROP TRIGGER IF EXISTS keys_audit_insert;
DROP TRIGGER IF EXISTS keys_audit_update;
CREATE TABLE IF NOT EXISTS KeysAudit (Seq, ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At);
INSERT INTO KeysEvent (Position, ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, At)
SELECT Seq, ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At FROM KeysAudit ORDER BY Seq;
DROP TABLE KeysAudit;


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

-- The names of the first schema.
DROP TRIGGER IF EXISTS keys_state_index_insert;
DROP TRIGGER IF EXISTS keys_state_index_restore;
DROP TRIGGER IF EXISTS keys_state_index_clear;
DROP TRIGGER IF EXISTS keys_state_index_delete;

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
                    path = '$' AND key IN ('last_used_at', 'schema_version', 'erase_at', 'grain_hash', 'updated_at')
                    OR key = 'last_used_at'
                        AND (path = '$.secrets.current' OR path GLOB '$.secrets.replaced[[][0-9]*]'), 0)
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

DROP TRIGGER IF EXISTS keys_state_clear;
CREATE TRIGGER keys_state_clear AFTER UPDATE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL AND NEW.PayloadBinary IS NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner = CASE OLD.GrainTypeString WHEN 'project' THEN ''
                       ELSE json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id') END
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');

    INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, ActorKind, Actor, At)
    SELECT OLD.ServiceId, OLD.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE OLD.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           json_extract(state, '$.revision'), 'deleted', 'database', 'database',
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM (SELECT CAST(OLD.PayloadBinary AS TEXT) AS state);
END;

DROP TRIGGER IF EXISTS keys_state_delete;
CREATE TRIGGER keys_state_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner = CASE OLD.GrainTypeString WHEN 'project' THEN ''
                       ELSE json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id') END
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');

    INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, ActorKind, Actor, At)
    SELECT OLD.ServiceId, OLD.GrainTypeString, json_extract(state, '$.id'),
           json_extract(state, CASE OLD.GrainTypeString WHEN 'project' THEN '$.id' ELSE '$.project_id' END),
           json_extract(state, '$.revision'), 'deleted', 'database', 'database',
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM (SELECT CAST(OLD.PayloadBinary AS TEXT) AS state);
END;


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
