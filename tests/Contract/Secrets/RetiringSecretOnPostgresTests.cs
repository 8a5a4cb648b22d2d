using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Secrets;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class RetiringSecretOnPostgresTests(PostgresService service) : RetiringSecretTests(service);
