using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Webhooks;

[Collection(SqliteService.CollectionName)]
public sealed class WebhookOnSqliteTests(SqliteService service) : WebhookTests(service);
