using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>
/// The times from events, by the clocks of silos, to the arrivals of their messages that were first accepted.
/// </summary>
/// <param name="Name">Which events these are.</param>
/// <param name="Count">The number of events.</param>
/// <param name="Milliseconds">The times; null for no events.</param>
internal sealed record WebhookLatency(string Name, int Count, Percentiles? Milliseconds);
