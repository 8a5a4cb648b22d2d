using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Imports;

/// <summary>A service of its own: with imported keys, an unknown text is not found instead of malformed.</summary>
[Trait("Requires", "PostgreSQL")]
public sealed class ImportVirtualKeysOnPostgresTests(PostgresService service)
    : ImportVirtualKeysTests(service), IClassFixture<PostgresService>;
