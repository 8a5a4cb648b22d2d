using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Rotation;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class RotateResponseOnPostgresTests(PostgresService service) : RotateResponseTests(service);
