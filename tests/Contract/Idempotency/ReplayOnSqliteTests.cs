using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Idempotency;

[Collection(SqliteService.CollectionName)]
public sealed class ReplayOnSqliteTests(SqliteService service) : ReplayTests(service);
