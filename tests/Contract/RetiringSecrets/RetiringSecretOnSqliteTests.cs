using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.RetiringSecrets;

[Collection(SqliteService.CollectionName)]
public sealed class RetiringSecretOnSqliteTests(SqliteService service) : RetiringSecretTests(service);
