namespace KeysCluster.Grains.Secrets;

/// <summary>A use of a secret.</summary>
/// <param name="At">The time.</param>
/// <param name="Address">The address of the client; null if unknown.</param>
internal readonly record struct SecretUse(DateTimeOffset At, string? Address = null);
