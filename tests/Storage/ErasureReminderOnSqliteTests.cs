namespace KeysCluster.Storage.Tests;

public sealed class ErasureReminderOnSqliteTests : ErasureReminderTests;
