using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class MetadataOnPostgresTests(PostgresService service) : MetadataTests(service);
