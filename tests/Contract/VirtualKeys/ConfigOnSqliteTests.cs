using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(SqliteService.CollectionName)]
public sealed class ConfigOnSqliteTests(SqliteService service) : ConfigTests(service);
