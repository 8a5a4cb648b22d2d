using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Rotation;

[Collection(SqliteService.CollectionName)]
public sealed class RotateVirtualKeyOnSqliteTests(SqliteService service) : RotateVirtualKeyTests(service);
