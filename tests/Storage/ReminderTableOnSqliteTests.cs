namespace KeysCluster.Storage.Tests;

public sealed class ReminderTableOnSqliteTests : ReminderTableTests;
