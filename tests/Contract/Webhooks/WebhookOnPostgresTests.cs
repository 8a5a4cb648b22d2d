using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Webhooks;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class WebhookOnPostgresTests(PostgresService service) : WebhookTests(service);
