-- One index for the range queries of reminders. Of the two before it, either one made every range read every row that is
-- due (of any hash) or every row of its hashes (due or not): about thirty times over at each start and each refresh. This
-- one has both, so that a range reads the rows that it returns.

CREATE INDEX ix_OrleansRemindersTable_DueHash ON OrleansRemindersTable (ServiceId, StartTime, GrainHash);

DROP INDEX ix_OrleansRemindersTable_Due;
DROP INDEX ix_OrleansRemindersTable_Hash;
