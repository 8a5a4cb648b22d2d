using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Events;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class EventExportOnPostgresTests(PostgresService service) : EventExportTests(service);
