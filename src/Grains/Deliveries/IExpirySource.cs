using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Deliveries;

/// <summary>Finds virtual keys whose expiry, or the deadline of a secret of which, is near.</summary>
public interface IExpirySource
{
    /// <summary>Returns virtual keys that are not revoked and expire after one time and up to another.</summary>
    Task<IReadOnlyList<VirtualKeyId>> FindExpiringAsync(
        DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Returns virtual keys with a retiring secret whose deadline is up to a time, with the time at which the database
    /// has their next erasure. Some may have no such secret.
    /// </summary>
    Task<IReadOnlyList<(VirtualKeyId Key, DateTimeOffset DueAt)>> FindRetiringAsync(
        DateTimeOffset until, CancellationToken cancellationToken);
}
