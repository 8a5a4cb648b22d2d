using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Idempotency;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class ReplayOnPostgresTests(PostgresService service) : ReplayTests(service);
