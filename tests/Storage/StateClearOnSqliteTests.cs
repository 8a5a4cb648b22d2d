namespace KeysCluster.Storage.Tests;

public sealed class StateClearOnSqliteTests : StateClearTests;
