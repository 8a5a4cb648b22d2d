namespace KeysCluster.Storage.Tests;

public sealed class OverdueErasureOnSqliteTests : OverdueErasureTests;
