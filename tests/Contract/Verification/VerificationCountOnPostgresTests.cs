using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Verification;

[Collection(PostgresService.CollectionName), Trait("Requires", "PostgreSQL")]
public sealed class VerificationCountOnPostgresTests(PostgresService service) : VerificationCountTests(service);
