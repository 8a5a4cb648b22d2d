namespace KeysCluster.Storage.Tests;

public sealed class StateInserterOnSqliteTests : StateInserterTests;
