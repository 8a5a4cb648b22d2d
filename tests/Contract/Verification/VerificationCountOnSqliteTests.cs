using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Verification;

[Collection(SqliteService.CollectionName)]
public sealed class VerificationCountOnSqliteTests(SqliteService service) : VerificationCountTests(service);
