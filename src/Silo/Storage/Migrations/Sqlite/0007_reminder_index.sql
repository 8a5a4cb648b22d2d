-- One index for the range queries of reminders: it has both what they ask for, so that a range looks up no row that it
-- does not return.

CREATE INDEX ix_OrleansRemindersTable_DueHash ON OrleansRemindersTable (ServiceId, StartTime, GrainHash);

DROP INDEX ix_OrleansRemindersTable_Due;
DROP INDEX ix_OrleansRemindersTable_Hash;
