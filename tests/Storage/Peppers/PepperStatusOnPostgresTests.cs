using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests.Peppers;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class PepperStatusOnPostgresTests(PostgresFixture postgres) : PepperStatusTests(postgres);
