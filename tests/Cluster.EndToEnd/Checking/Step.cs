using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>An event of an owner, with the period in which it took effect.</summary>
/// <param name="Event">The event.</param>
/// <param name="Call">The call of the event; null when no recorded call has its request id.</param>
internal sealed record Step(OwnerEvent Event, RecordedCall? Call)
{
    /// <summary>The transaction did not commit before this moment.</summary>
    public Moment Earliest { get; set; }

    /// <summary>The transaction had committed by this moment; null when no response proves it.</summary>
    public Moment? Latest { get; set; }

    /// <summary>
    /// From this moment on, no cache may accept a secret by the state before this event. Null when that is never
    /// certain.
    /// </summary>
    public Moment? Invalidated { get; set; }

    public OwnerState After => Event.After;
}
