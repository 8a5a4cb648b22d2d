using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>A time in which the endpoint of a project did not respond to a message.</summary>
internal sealed record WebhookSlowness(string Project, Moment Start, Moment End)
{
    public bool Overlaps(DateTimeOffset from, DateTimeOffset to) => Start.WallClock < to && from < End.WallClock;
}
