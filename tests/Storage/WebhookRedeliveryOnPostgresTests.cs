using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class WebhookRedeliveryOnPostgresTests(PostgresFixture postgres) : WebhookRedeliveryTests(postgres);
