namespace KeysCluster.Storage.Tests;

public sealed class AlteredStateOnSqliteTests : AlteredStateTests;
