using KeysCluster.Events;
using KeysCluster.Grains.Events;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>Events in memory. A round ends with those that there are at its first page.</summary>
internal sealed class TestEventLog : IEventStore
{
    private readonly List<RecordedEvent> _events = [];

    /// <summary>Limits the events of a page, unless the reader wants fewer.</summary>
    public int PageSize { get; set; } = int.MaxValue;

    /// <summary>The event is given the next position.</summary>
    public RecordedEvent Add(RecordedEvent recorded)
    {
        _events.Add(recorded with { Position = _events.Count + 1 });
        return _events[^1];
    }

    public Task<EventPage> ReadAsync(
        string? project, EventFilter filter, EventPosition? after, int limit, CancellationToken cancellationToken)
    {
        var start = after?.Until is null ? CreatePosition(after?.Since, CreateSnapshot(_events.Count)) : after;
        var since = start.Since?.LastPosition ?? 0;
        var events = _events
            .Where(recorded => recorded.Position > Math.Max(since, start.Last)
                && recorded.Position <= start.Until!.LastPosition
                && (project is null || recorded.ProjectId == project)
                && (filter.Type is null || recorded.Type == filter.Type)
                && (filter.From is not { } from || DateTimeOffset.Parse(recorded.At, null) >= from)
                && (filter.To is not { } to || DateTimeOffset.Parse(recorded.At, null) < to))
            .ToList();
        var page = events.Take(Math.Min(limit, PageSize)).ToList();
        var hasMore = page.Count < events.Count;
        var next = hasMore
            ? start with { Last = page[^1].Position }
            : CreatePosition(since: start.Until, until: null);
        return Task.FromResult(new EventPage(page, start, next, hasMore));
    }

    public Task<int?> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private static EventPosition CreatePosition(EventSnapshot? since, EventSnapshot? until) =>
        new("timeline", since, until);

    private static EventSnapshot CreateSnapshot(long lastPosition) =>
        new(TestData.Start, lastPosition, FirstIncomplete: 0, FirstUnassigned: 0, InProgress: []);
}
