namespace KeysCluster.Secrets;

/// <summary>Limits of the time for which a replaced secret stays valid.</summary>
public static class GracePeriod
{
    /// <summary>24 hours. Source: the contract of <c>rotate</c>, "remains valid for 24h (grace window)".</summary>
    public static readonly TimeSpan Default = TimeSpan.FromHours(24);

    /// <summary>
    /// 30 days: the longest grace period of a rotation, and the farthest deadline that can be set later.
    /// </summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromDays(30);

    /// <summary>
    /// The maximum number of retiring secrets per key or project. A rotation beyond it is refused: dropping one of them
    /// before its deadline would reject clients that still use it.
    /// </summary>
    public const int MaxRetiringSecrets = 32;
}
