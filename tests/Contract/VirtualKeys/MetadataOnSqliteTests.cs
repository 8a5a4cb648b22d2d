using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(SqliteService.CollectionName)]
public sealed class MetadataOnSqliteTests(SqliteService service) : MetadataTests(service);
