using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class VirtualKeyExpiryOnPostgresTests(PostgresService service) : VirtualKeyExpiryTests(service);
