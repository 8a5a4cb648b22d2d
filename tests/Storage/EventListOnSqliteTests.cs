namespace KeysCluster.Storage.Tests;

public sealed class EventListOnSqliteTests : EventListTests;
