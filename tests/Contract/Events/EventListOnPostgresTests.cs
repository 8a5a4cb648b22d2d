using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Events;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class EventListOnPostgresTests(PostgresService service) : EventListTests(service);
