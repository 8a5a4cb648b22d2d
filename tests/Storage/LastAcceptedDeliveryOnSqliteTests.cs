namespace KeysCluster.Storage.Tests;

public sealed class LastAcceptedDeliveryOnSqliteTests : LastAcceptedDeliveryTests;
