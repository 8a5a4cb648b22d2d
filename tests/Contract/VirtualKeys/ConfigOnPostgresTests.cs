using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class ConfigOnPostgresTests(PostgresService service) : ConfigTests(service);
