using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class ImportedKeyStoreOnPostgresTests(PostgresFixture postgres) : ImportedKeyStoreTests(postgres);
