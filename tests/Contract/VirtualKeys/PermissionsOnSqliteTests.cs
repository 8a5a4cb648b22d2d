using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(SqliteService.CollectionName)]
public sealed class PermissionsOnSqliteTests(SqliteService service) : PermissionsTests(service);
