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
-- State index: one row per stored virtual key and project, from which the API's lists are read. Triggers maintain it in
-- the transaction that writes the state: a change that cannot be indexed is rolled back.
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

-- Payloads are cast to TEXT because json_extract interprets a BLOB as JSONB, SQLite's binary JSON format.

DROP TRIGGER IF EXISTS keys_state_index_insert;
CREATE TRIGGER keys_state_index_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysStateIndex
        (ServiceId, StateName, Owner, CreatedAt, Id,
         GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
    VALUES
        (NEW.ServiceId, NEW.GrainTypeString,
         CASE NEW.GrainTypeString WHEN 'project' THEN ''
              ELSE json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id') END,
         json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.created_at'),
         json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id'),
         NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString);
END;

-- A state that is written again after it was cleared.
DROP TRIGGER IF EXISTS keys_state_index_restore;
CREATE TRIGGER keys_state_index_restore AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NULL AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysStateIndex
        (ServiceId, StateName, Owner, CreatedAt, Id,
         GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
    VALUES
        (NEW.ServiceId, NEW.GrainTypeString,
         CASE NEW.GrainTypeString WHEN 'project' THEN ''
              ELSE json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.project_id') END,
         json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.created_at'),
         json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.id'),
         NEW.GrainIdHash, NEW.GrainTypeHash, NEW.GrainIdN0, NEW.GrainIdN1, NEW.GrainIdExtensionString);
END;

DROP TRIGGER IF EXISTS keys_state_index_clear;
CREATE TRIGGER keys_state_index_clear AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL AND NEW.PayloadBinary IS NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner = CASE OLD.GrainTypeString WHEN 'project' THEN ''
                       ELSE json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id') END
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
END;

DROP TRIGGER IF EXISTS keys_state_index_delete;
CREATE TRIGGER keys_state_index_delete AFTER DELETE ON OrleansStorage FOR EACH ROW
WHEN OLD.GrainTypeString IN ('virtual-key', 'project') AND OLD.PayloadBinary IS NOT NULL
BEGIN
    DELETE FROM KeysStateIndex
    WHERE ServiceId = OLD.ServiceId AND StateName = OLD.GrainTypeString
      AND Owner = CASE OLD.GrainTypeString WHEN 'project' THEN ''
                       ELSE json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.project_id') END
      AND CreatedAt = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.created_at')
      AND Id = json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.id');
END;


-- -----------------------------------------------------------------------------------------------------------------
-- Audit: one row per revision of a virtual key or project. Triggers write it in the transaction that writes the state:
-- a change that cannot be audited is rolled back.
-- -----------------------------------------------------------------------------------------------------------------

-- A row contains the display prefix of a secret, never the secret or a hash of it.
CREATE TABLE IF NOT EXISTS KeysAudit
(
    Seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    ServiceId     TEXT    NOT NULL,
    StateName     TEXT    NOT NULL,
    Id            TEXT    NOT NULL,
    ProjectId     TEXT    NOT NULL,
    Revision      INTEGER NOT NULL,
    Action        TEXT    NOT NULL,
    Actor         TEXT    NOT NULL,
    At            TEXT    NOT NULL,
    DisplayPrefix TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS ix_KeysAudit_Id ON KeysAudit (ServiceId, StateName, Id, Seq);

DROP TRIGGER IF EXISTS keys_audit_insert;
CREATE TRIGGER keys_audit_insert AFTER INSERT ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
BEGIN
    INSERT INTO KeysAudit (ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix)
    SELECT NEW.ServiceId, NEW.GrainTypeString, json_extract(state, '$.id'),
           CASE NEW.GrainTypeString WHEN 'project' THEN json_extract(state, '$.id')
                ELSE json_extract(state, '$.project_id') END,
           json_extract(state, '$.revision'), json_extract(state, '$.change.action'),
           json_extract(state, '$.change.actor'), json_extract(state, '$.change.at'),
           json_extract(state, '$.secrets.current.display_prefix')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);
END;

-- A write that keeps the revision records usage or erases expired data. No caller requested it: it is not audited.
DROP TRIGGER IF EXISTS keys_audit_update;
CREATE TRIGGER keys_audit_update AFTER UPDATE OF PayloadBinary ON OrleansStorage FOR EACH ROW
WHEN NEW.GrainTypeString IN ('virtual-key', 'project') AND NEW.PayloadBinary IS NOT NULL
    AND json_extract(CAST(NEW.PayloadBinary AS TEXT), '$.revision')
        IS NOT json_extract(CAST(OLD.PayloadBinary AS TEXT), '$.revision')
BEGIN
    INSERT INTO KeysAudit (ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix)
    SELECT NEW.ServiceId, NEW.GrainTypeString, json_extract(state, '$.id'),
           CASE NEW.GrainTypeString WHEN 'project' THEN json_extract(state, '$.id')
                ELSE json_extract(state, '$.project_id') END,
           json_extract(state, '$.revision'), json_extract(state, '$.change.action'),
           json_extract(state, '$.change.actor'), json_extract(state, '$.change.at'),
           json_extract(state, '$.secrets.current.display_prefix')
    FROM (SELECT CAST(NEW.PayloadBinary AS TEXT) AS state);
END;


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
