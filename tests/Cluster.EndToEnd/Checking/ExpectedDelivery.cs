using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>An event that webhooks must deliver.</summary>
/// <param name="Event">The event.</param>
/// <param name="Type">The type as which it is delivered.</param>
internal sealed record ExpectedDelivery(OwnerEvent Event, string Type);
