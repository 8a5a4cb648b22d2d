namespace KeysCluster.Storage.Tests;

public sealed class ReminderRangeOnSqliteTests : ReminderRangeTests;
