using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class FirstSchemaOnPostgresTests(PostgresFixture postgres) : FirstSchemaTests(postgres)
{
    private protected override string TablesSql => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
}
