using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Events;

[Collection(SqliteService.CollectionName)]
public sealed class EventExportOnSqliteTests(SqliteService service) : EventExportTests(service);
