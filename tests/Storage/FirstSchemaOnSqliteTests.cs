namespace KeysCluster.Storage.Tests;

public sealed class FirstSchemaOnSqliteTests : FirstSchemaTests
{
    private protected override string TablesSql => "SELECT name FROM sqlite_master WHERE type = 'table'";
}
