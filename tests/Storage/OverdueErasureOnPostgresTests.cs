using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class OverdueErasureOnPostgresTests(PostgresFixture postgres) : OverdueErasureTests(postgres);
