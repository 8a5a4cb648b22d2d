namespace KeysCluster.Storage.Tests;

public sealed class StateWriteOnSqliteTests : StateWriteTests;
