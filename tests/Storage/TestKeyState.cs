using System.Text.Json.Serialization;

namespace KeysCluster.Storage.Tests;

/// <summary>A state with the JSON members that the database triggers read, and one that they do not.</summary>
internal sealed record TestKeyState
{
    public const string StateName = "virtual-key";

    private static readonly DateTimeOffset BaseTime = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("project_id")]
    public string ProjectId { get; init; } = "";

    [JsonPropertyName("created_at")]
    public DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("revision")]
    public long Revision { get; init; }

    [JsonPropertyName("change")]
    public TestChange? Change { get; init; }

    [JsonPropertyName("secrets")]
    public TestSecretSet? Secrets { get; init; }

    [JsonPropertyName("erase_at")]
    public DateTimeOffset? EraseAt { get; init; }

    [JsonPropertyName("grain_hash")]
    public int? GrainHash { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("external_id")]
    public string? ExternalId { get; init; }

    [JsonPropertyName("disabled_at")]
    public DateTimeOffset? DisabledAt { get; init; }

    [JsonPropertyName("revoked_at")]
    public DateTimeOffset? RevokedAt { get; init; }

    [JsonPropertyName("retiring_until")]
    public DateTimeOffset? RetiringUntil { get; init; }

    [JsonPropertyName("imported_hashes")]
    public IReadOnlyList<string>? ImportedHashes { get; init; }

    [JsonPropertyName("archived_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ArchivedAt { get; init; }

    [JsonPropertyName("erasure_requested_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ErasureRequestedAt { get; init; }

    [JsonPropertyName("note")]
    public string Note { get; init; } = "";

    /// <summary>Creates a state that is not stored yet. It was created at a fixed time by an older build.</summary>
    public static TestGrainState Create(string id, string project = "project_a", int createdAtMilliseconds = 0) =>
        new()
        {
            State = new TestKeyState
            {
                Id = id,
                ProjectId = project,
                CreatedAt = BaseTime.AddMilliseconds(createdAtMilliseconds),
                Revision = 1,
                Change = new TestChange("create", "project_api_key:pk_1", "2026-11-22T10:15:00.000Z"),
                Secrets = new TestSecretSet(new TestStoredSecret("vk-lw-live_ABC123", "hash-of-the-secret")),
            },
        };

    /// <summary>Returns the state after a change by an older build, which does not number events.</summary>
    public TestKeyState WithChange(string action) => this with
    {
        Revision = Revision + 1,
        Change = new TestChange(action, "project_api_key:pk_2", "2026-11-22T10:16:00.000Z"),
    };

    /// <summary>Returns the state after an event that is not a change, such as an erasure.</summary>
    public TestKeyState WithEvent(string action) => this with
    {
        Change = new TestChange(action, "vk-lw-live_ABC123", "2026-11-22T10:17:00.000Z")
        {
            Number = (Change?.Number ?? 0) + 1,
            ActorKind = "api_key",
        },
    };
}
