using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.RetiringSecrets;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class RetiringSecretOnPostgresTests(PostgresService service) : RetiringSecretTests(service);
