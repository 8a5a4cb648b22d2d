namespace KeysCluster.Storage.Tests;

public sealed class ImportedKeyStoreOnSqliteTests : ImportedKeyStoreTests;
