using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Webhooks;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>What the webhooks of a run delivered, and how soon.</summary>
internal sealed class WebhookFigures
{
    public WebhookFigures(IReadOnlyList<OwnerEvent> events, IReadOnlyList<Incident> incidents, WebhookLog log)
    {
        var deliveries = log.Deliveries;
        var byPosition = deliveries.ToDictionary(delivery => (delivery.Project, delivery.Position));
        var expected = WebhookRules.GetExpected(events, log.Projects);
        var received = expected
            .Select(entry => byPosition.GetValueOrDefault((entry.Event.Project, entry.Event.Position)))
            .ToList();
        Webhooks = log.Projects.Count;
        Events = expected.Count;
        Delivered = received.Count(delivery => delivery?.AcceptedAt is not null);
        Attempts = deliveries.Sum(delivery => delivery.Attempts);
        Refused = deliveries.Sum(delivery => delivery.Refusals);
        Repeated = deliveries.Sum(delivery => Math.Max(0, delivery.Acceptances - 1));
        Latencies = [.. GetLatencies(GetSamples(expected, received, log.Slowness), incidents)];
    }

    public int Webhooks { get; }

    /// <summary>The number of events of virtual keys that must be delivered.</summary>
    public int Events { get; }

    /// <summary>The number of those of which a message was accepted.</summary>
    public int Delivered { get; }

    /// <summary>The number of messages that arrived, those of projects included.</summary>
    public int Attempts { get; }

    /// <summary>The number of messages that the endpoint refused, or responded to too late.</summary>
    public int Refused { get; }

    /// <summary>The number of messages that were accepted although one of the same event was before.</summary>
    public int Repeated { get; }

    public IReadOnlyList<WebhookLatency> Latencies { get; }

    /// <summary>Returns the time of each event, and whether the endpoint delayed its delivery.</summary>
    private static List<Sample> GetSamples(
        IReadOnlyList<ExpectedDelivery> expected,
        List<WebhookDelivery?> received,
        IEnumerable<WebhookSlowness> slowness)
    {
        var slow = slowness.ToLookup(entry => entry.Project);

        // The key's next event waits for one that was refused.
        var blockedUntil = new Dictionary<string, DateTimeOffset>();
        var samples = new List<Sample>();
        for (var index = 0; index < expected.Count; index++)
        {
            if (received[index] is not { ArrivedAt: { } arrived, AcceptedAt: { } accepted } delivery) continue;
            var at = expected[index].Event.At;
            var isBlocked = delivery.Refusals > 0 || at < blockedUntil.GetValueOrDefault(delivery.Owner);
            if (isBlocked) blockedUntil[delivery.Owner] = accepted.WallClock;
            var isDelayed = isBlocked
                || slow[delivery.Project].Any(entry => entry.Overlaps(at, arrived.WallClock));
            var milliseconds = Math.Max(0, (arrived.WallClock - at).TotalMilliseconds);
            samples.Add(new Sample(at, arrived.WallClock, milliseconds, isDelayed));
        }

        return samples;
    }

    private static IEnumerable<WebhookLatency> GetLatencies(List<Sample> samples, IReadOnlyList<Incident> incidents)
    {
        yield return Create("All events", samples);
        yield return Create(
            "Refused, or behind a message that was refused or slow", samples.Where(sample => sample.IsDelayed));
        var prompt = samples.FindAll(sample => !sample.IsDelayed);
        yield return Create("No fault", prompt.Where(sample => !incidents.Any(sample.IsDuring)));
        foreach (var kind in incidents.GroupBy(incident => incident.Kind).OrderBy(group => group.Key))
            yield return Create($"{kind.Key}", prompt.Where(sample => kind.Any(sample.IsDuring)));
    }

    private static WebhookLatency Create(string name, IEnumerable<Sample> samples)
    {
        var milliseconds = samples.Select(sample => sample.Milliseconds).ToList();
        return new(name, milliseconds.Count, milliseconds.Count == 0 ? null : Percentiles.From(milliseconds));
    }

    private sealed record Sample(DateTimeOffset At, DateTimeOffset Arrived, double Milliseconds, bool IsDelayed)
    {
        /// <summary>Returns whether a fault, or the recovery of its target, overlaps the delivery.</summary>
        public bool IsDuring(Incident incident) => incident.Start.WallClock < Arrived
            && (incident.ReadyAt is not { } ready || At < ready.WallClock);
    }
}
