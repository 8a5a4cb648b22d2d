namespace KeysCluster.Storage.Tests.Peppers;

public sealed class PepperRegistryOnSqliteTests : PepperRegistryTests;
