namespace KeysCluster.Secrets;

/// <summary>How long a replaced secret goes on working beside its successor.</summary>
public static class GracePeriod
{
    /// <summary>24 hours. Source: the contract of <c>rotate</c>, "remains valid for 24h (grace window)".</summary>
    public static readonly TimeSpan Default = TimeSpan.FromHours(24);

    /// <summary>30 days: the longest grace of a rotation, and how far ahead a deadline may be moved.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>
    /// How many secrets of one key or project may be retiring at once. The next rotation is refused, since dropping
    /// one of them early would cut its clients off.
    /// </summary>
    public const int MaxRetiringSecrets = 32;
}
