using KeysCluster.Grains.Validation;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Leases;

[Reentrant]
internal sealed class InvalidationService(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, IEnumerable<IHeldStates> held)
    : GrainService(id, silo, loggers), IInvalidationService
{
    public Task Invalidate(GrainId owner, long revision)
    {
        held.Single(states => states.GrainType == owner.Type).Invalidate(owner.Key.ToString()!, revision);
        return Task.CompletedTask;
    }
}
