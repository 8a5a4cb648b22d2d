namespace KeysCluster.Storage.Tests;

public sealed class DatabaseMetadataOnSqliteTests : DatabaseMetadataTests;
