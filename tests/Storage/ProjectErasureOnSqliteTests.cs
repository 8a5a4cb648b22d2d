namespace KeysCluster.Storage.Tests;

public sealed class ProjectErasureOnSqliteTests : ProjectErasureTests;
