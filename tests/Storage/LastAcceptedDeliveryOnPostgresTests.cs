using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class LastAcceptedDeliveryOnPostgresTests(PostgresFixture postgres) : LastAcceptedDeliveryTests(postgres);
