using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.VirtualKeys;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class ListPagingOnPostgresTests(PostgresService service) : ListPagingTests(service);
