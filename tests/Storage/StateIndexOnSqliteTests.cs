namespace KeysCluster.Storage.Tests;

public sealed class StateIndexOnSqliteTests : StateIndexTests;
