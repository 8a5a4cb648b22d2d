namespace KeysCluster.Grains.Peppers;

/// <summary>A secret that depends on a pepper.</summary>
/// <param name="PepperId">The id of the pepper.</param>
/// <param name="OwnerId">The id of the virtual key or project.</param>
/// <param name="SecretId">The id of the secret.</param>
/// <param name="LastUsedAt">The last use of the secret; null if there was none.</param>
public sealed record PepperDependent(
    string PepperId, string OwnerId, string SecretId, DateTimeOffset? LastUsedAt);
