using KeysCluster.Events;
using KeysCluster.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Events;

[StatelessWorker, GrainType("event-list")]
internal sealed class EventListGrain(IEventStore events, ILogger<EventListGrain> logger) : Grain, IEventListGrain
{
    public Task<EventPage> Read(EventFilter filter, EventPosition? after, int limit)
    {
        ListLimits.Check(limit);
        var project = this.GetPrimaryKeyString() is var key and not IEventListGrain.AllProjects ? key : null;
        return StorageGuard.ExecuteAsync(
            logger, "list of events", () => events.ReadAsync(project, filter, after, limit, CancellationToken.None));
    }
}
