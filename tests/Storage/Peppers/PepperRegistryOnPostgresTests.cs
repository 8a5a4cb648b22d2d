using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests.Peppers;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class PepperRegistryOnPostgresTests(PostgresFixture postgres) : PepperRegistryTests(postgres);
