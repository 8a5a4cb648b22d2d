-- The tables that the Orleans ADO.NET providers work on; the column names are theirs. One process owns the file, so
-- there is no membership here. Hashes are signed 32-bit integers, as the providers compute them.

CREATE TABLE OrleansQuery
(
    QueryKey  TEXT NOT NULL PRIMARY KEY,
    QueryText TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE OrleansStorage
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

-- One row per grain. SQLite takes two NULLs for different, so the index has a text in NULL's place.
CREATE UNIQUE INDEX ux_OrleansStorage ON OrleansStorage
    (GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, IFNULL(GrainIdExtensionString, ''));

CREATE TABLE OrleansRemindersTable
(
    ServiceId    TEXT    NOT NULL,
    GrainId      TEXT    NOT NULL,
    ReminderName TEXT    NOT NULL,
    -- 'YYYY-MM-DD HH:MM:SS[.fffffff]' in UTC, as Microsoft.Data.Sqlite writes it: the texts sort as the instants do.
    StartTime    TEXT    NOT NULL,
    Period       INTEGER NOT NULL,
    GrainHash    INTEGER NOT NULL,
    Version      INTEGER NOT NULL,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_OrleansRemindersTable_Due ON OrleansRemindersTable (ServiceId, StartTime);
CREATE INDEX ix_OrleansRemindersTable_Hash ON OrleansRemindersTable (ServiceId, GrainHash);
