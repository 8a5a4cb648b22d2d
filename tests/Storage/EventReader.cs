using System.Globalization;
using KeysCluster.Events;
using KeysCluster.Grains.Events;

namespace KeysCluster.Storage.Tests;

/// <summary>Follows a list of events page by page.</summary>
internal sealed class EventReader(IEventStore events, string? project = "project_a", EventFilter? filter = null)
{
    public EventPosition? Position { get; set; }

    public int Limit { get; set; } = 200;

    /// <summary>The last page.</summary>
    public EventPage? Page { get; private set; }

    /// <summary>Reads one page.</summary>
    /// <returns>The positions of its events.</returns>
    public async Task<string[]> ReadPageAsync()
    {
        Page = await events.ReadAsync(project, filter ?? new EventFilter(), Position, Limit, CancellationToken.None);
        Position = Page.Next;
        return [.. Page.Events.Select(recorded => recorded.Position.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>Reads pages to the end of the round.</summary>
    /// <returns>The positions of the events.</returns>
    public async Task<List<string>> ReadRoundAsync()
    {
        var positions = new List<string>();
        do positions.AddRange(await ReadPageAsync());
        while (Page!.HasMore);
        return positions;
    }
}
