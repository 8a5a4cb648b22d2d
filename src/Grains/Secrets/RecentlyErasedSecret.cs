using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Grains.Secrets;

/// <summary>Remembers that a secret existed, without its hash.</summary>
/// <param name="Id">The id of the secret.</param>
/// <param name="CreatedAt">The time at which it became the current secret.</param>
internal sealed record RecentlyErasedSecret(string Id, DateTimeOffset CreatedAt)
{
    /// <summary>
    /// The maximum number that is kept. Rotating in a loop without grace periods would produce any number.
    /// </summary>
    public const int MaxCount = 32;

    /// <summary>Far longer than a REST call may take, which limits how long a front end retries its command.</summary>
    private static readonly TimeSpan RetryWindow = TimeSpan.FromMinutes(1);

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    public bool IsWithinRetryWindow(DateTimeOffset now) => now < CreatedAt + RetryWindow;
}
