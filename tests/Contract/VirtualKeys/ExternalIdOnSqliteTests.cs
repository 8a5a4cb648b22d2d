using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(SqliteService.CollectionName)]
public sealed class ExternalIdOnSqliteTests(SqliteService service) : ExternalIdTests(service);
