using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Idempotency;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class IdempotencyOnPostgresTests(PostgresService service) : IdempotencyTests(service);
