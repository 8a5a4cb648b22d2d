namespace KeysCluster.Storage.Tests;

public sealed class EventRetentionOnSqliteTests : EventRetentionTests;
