using KeysCluster.Events;
using KeysCluster.Grains.Events;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A store without events.</summary>
internal sealed class TestEventStore : IEventStore
{
    public Task<EventPage> ReadAsync(
        string? project, EventFilter filter, EventPosition? after, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int?> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
