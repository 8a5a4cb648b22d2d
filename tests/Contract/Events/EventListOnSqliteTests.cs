using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Events;

[Collection(SqliteService.CollectionName)]
public sealed class EventListOnSqliteTests(SqliteService service) : EventListTests(service);
