namespace KeysCluster.Storage.Tests;

public sealed class MigrationOnSqliteTests : MigrationTests
{
    private protected override string SchemaSql =>
        "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master ORDER BY 1, 2";
}
