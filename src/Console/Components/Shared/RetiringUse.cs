using KeysCluster.Client;

namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>Whether a replaced secret is still used.</summary>
/// <param name="IsSafeToExpire">Whether its last use is at least an hour ago, or it was never used.</param>
internal readonly record struct RetiringUse(bool IsSafeToExpire)
{
    /// <summary>A secret that was not used for this long is not in use any more.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromHours(1);

    public static RetiringUse Of(RetiringSecret secret, DateTimeOffset now) =>
        new(secret.LastUsedAt is not { } usedAt || usedAt + SilentAfter <= now);
}
