namespace KeysCluster.Storage.Tests.Peppers;

public sealed class PepperStatusOnSqliteTests : PepperStatusTests;
