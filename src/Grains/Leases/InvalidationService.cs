using KeysCluster.Validation.Caching;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Leases;

[Reentrant]
internal sealed class InvalidationService(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, IEnumerable<ILeasedCache> caches)
    : GrainService(id, silo, loggers), IInvalidationService
{
    public Task Invalidate(GrainId owner, long revision)
    {
        caches.Invalidate(owner, revision);
        return Task.CompletedTask;
    }
}
