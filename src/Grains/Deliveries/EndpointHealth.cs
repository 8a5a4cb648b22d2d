namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Decides from the attempts whether an endpoint counts as failing, and when it is tried again. Attempts for different
/// virtual keys are recorded concurrently.
/// </summary>
internal sealed class EndpointHealth
{
    /// <summary>
    /// An endpoint counts as failing after failed attempts for so many virtual keys and projects, without an accepted
    /// one in between. For fewer, the delays of their own deliveries suffice, and a message that the endpoint never
    /// accepts delays no other key.
    /// </summary>
    public const int OwnersOfFailingEndpoint = 5;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _failedOwners = [];

    /// <summary>The rounds that have ended while the endpoint counted as failing.</summary>
    private int _failedRounds;

    public bool IsFailing
    {
        get
        {
            lock (_gate) return _failedOwners.Count >= OwnersOfFailingEndpoint;
        }
    }

    /// <summary>The time of the next round; the default value unless the endpoint counts as failing.</summary>
    public DateTimeOffset NextRoundAt { get; private set; }

    public void RecordAccepted()
    {
        lock (_gate) _failedOwners.Clear();
    }

    public void RecordFailed(string owner)
    {
        lock (_gate)
        {
            if (_failedOwners.Count < OwnersOfFailingEndpoint) _failedOwners.Add(owner);
        }
    }

    /// <summary>
    /// Ends a round of concurrent attempts. The pause grows once for each round, however many attempts have failed.
    /// </summary>
    public void EndRound(DateTimeOffset now)
    {
        _failedRounds = IsFailing ? _failedRounds + 1 : 0;
        NextRoundAt = IsFailing ? now + WebhookBackoff.GetDelay(_failedRounds) : default;
    }
}
