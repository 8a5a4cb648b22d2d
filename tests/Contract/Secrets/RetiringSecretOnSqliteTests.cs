using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Secrets;

[Collection(SqliteService.CollectionName)]
public sealed class RetiringSecretOnSqliteTests(SqliteService service) : RetiringSecretTests(service);
