using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Projects;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class ApiKeysOnPostgresTests(PostgresService service) : ApiKeysTests(service);
