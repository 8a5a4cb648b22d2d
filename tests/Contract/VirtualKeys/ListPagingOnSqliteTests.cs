using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(SqliteService.CollectionName)]
public sealed class ListPagingOnSqliteTests(SqliteService service) : ListPagingTests(service);
