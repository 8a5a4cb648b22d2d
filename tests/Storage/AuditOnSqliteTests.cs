namespace KeysCluster.Storage.Tests;

public sealed class AuditOnSqliteTests : AuditTests;
