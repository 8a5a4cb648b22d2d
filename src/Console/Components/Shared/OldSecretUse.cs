using KeysCluster.Client;

namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>A replaced secret of a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Secret">The secret.</param>
public sealed record OldSecretUse(VirtualKey Key, RetiringSecret Secret)
{
    /// <summary>Whether the secret was used after another one had replaced it.</summary>
    internal bool IsUsedAfterRotation => Secret.LastUsedAt is { } usedAt
        && usedAt > SecretReplacement.FindTime(Secret, Key.RetiringSecrets, Key.SecretId);
}
