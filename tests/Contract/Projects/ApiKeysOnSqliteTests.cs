using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Projects;

[Collection(SqliteService.CollectionName)]
public sealed class ApiKeysOnSqliteTests(SqliteService service) : ApiKeysTests(service);
