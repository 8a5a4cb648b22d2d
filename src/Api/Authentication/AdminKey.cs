using KeysCluster.Hosting.AdminKeys;

namespace KeysCluster.Api.Authentication;

/// <summary>An admin key of the configuration.</summary>
internal sealed record AdminKey(string Name, AdminKeyDigest Digest, DateTimeOffset? NotAfter)
{
    /// <summary>The last moment at which the key is accepted is <see cref="NotAfter"/> itself.</summary>
    public bool IsExpired(DateTimeOffset now) => now > NotAfter;
}
