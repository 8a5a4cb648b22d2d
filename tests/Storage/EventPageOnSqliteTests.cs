namespace KeysCluster.Storage.Tests;

public sealed class EventPageOnSqliteTests : EventPageTests;
