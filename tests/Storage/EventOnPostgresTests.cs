using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class EventOnPostgresTests(PostgresFixture postgres) : EventTests(postgres)
{
    private protected override string DatabaseActor => "postgres";
}
