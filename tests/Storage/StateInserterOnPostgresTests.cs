using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class StateInserterOnPostgresTests(PostgresFixture postgres) : StateInserterTests(postgres);
