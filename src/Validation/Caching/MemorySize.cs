using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation.Caching;

/// <summary>
/// Estimates of the memory that cached objects take, in bytes, on a 64-bit runtime. They are too high rather than
/// too low. A test compares them with the memory in use.
/// </summary>
internal static class MemorySize
{
    /// <summary>An entry without its secrets, and the nodes of the cache that lead to it.</summary>
    public const int Entry = 500;

    /// <summary>A secret of an entry, with its verdict.</summary>
    public const int Secret = 300;

    private const int VirtualKey = 400;
    private const int RetiringSecret = 240;
    private const int AllowedIp = 120;

    /// <summary>Estimates a text; null takes nothing.</summary>
    public static int Estimate(string? text) => text is null ? 0 : 32 + sizeof(char) * text.Length;

    public static int Estimate(IReadOnlyList<string> texts) => 32 + texts.Sum(text => 8 + Estimate(text));

    public static int Estimate(IReadOnlyDictionary<string, string> texts) =>
        32 + texts.Sum(text => 40 + Estimate(text.Key) + Estimate(text.Value));

    /// <summary>Estimates a key that was received in an answer; null takes nothing.</summary>
    public static int Estimate(VirtualKey? key) => key is null ? 0 : VirtualKey
        + Estimate(key.Name)
        + Estimate(key.Description)
        + Estimate(key.PrincipalUserId)
        + Estimate(key.DisabledReason)
        + Estimate(key.ProviderCredentialIds)
        + Estimate(key.Permissions)
        + Estimate(key.ExternalId)
        + Estimate(key.Metadata)
        + Estimate(key.Config)
        + AllowedIp * key.AllowedIps.Count
        + RetiringSecret * key.RetiringSecrets.Count;
}
