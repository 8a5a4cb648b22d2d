using KeysCluster.Validation.Caching;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Leases;

[Reentrant]
internal sealed class InvalidationService(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, IEnumerable<ILeasedCache> caches)
    : GrainService(id, silo, loggers), IInvalidationService
{
    private readonly IReadOnlyList<ILeasedCache> _caches = [.. caches];

    public Task Invalidate(GrainId owner, long revision)
    {
        _caches.Find(owner)?.Invalidate(owner.Key.ToString()!, revision);
        return Task.CompletedTask;
    }
}
