namespace KeysCluster.Storage.Tests;

public sealed class VirtualKeyIndexOnSqliteTests : VirtualKeyIndexTests;
