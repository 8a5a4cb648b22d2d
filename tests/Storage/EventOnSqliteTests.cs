namespace KeysCluster.Storage.Tests;

public sealed class EventOnSqliteTests : EventTests
{
    private protected override string DatabaseActor => "database";
}
