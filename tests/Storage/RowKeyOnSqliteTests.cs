namespace KeysCluster.Storage.Tests;

public sealed class RowKeyOnSqliteTests : RowKeyTests;
