namespace KeysCluster.Storage.Tests;

/// <summary>A stored state with the fields that the migrations read, and one they do not.</summary>
internal sealed record SampleKey
{
    public const string StateName = "virtual-key";

    private static readonly DateTimeOffset Epoch = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    public string Id { get; init; } = "";

    public string ProjectId { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public long Revision { get; init; }

    public SampleChange? Change { get; init; }

    public SampleSecrets? Secrets { get; init; }

    public string Note { get; init; } = "";

    /// <summary>Not yet stored, created at a fixed instant.</summary>
    public static StoredKey New(string id, string project = "project_a", int createdAtMilliseconds = 0) =>
        new()
        {
            State = new SampleKey
            {
                Id = id,
                ProjectId = project,
                CreatedAt = Epoch.AddMilliseconds(createdAtMilliseconds),
                Revision = 1,
                Change = new SampleChange("create", "project_api_key:pk_1", "2026-11-22T10:15:00.000Z"),
                Secrets = new SampleSecrets(new SampleSecret("vk-lw-live_ABC123", "hash-of-the-secret")),
            },
        };

    public SampleKey Next(string action) => this with
    {
        Revision = Revision + 1,
        Change = new SampleChange(action, "project_api_key:pk_2", "2026-11-22T10:16:00.000Z"),
    };
}

internal sealed record SampleChange(string Action, string Actor, string At);

internal sealed record SampleSecrets(SampleSecret? Current);

internal sealed record SampleSecret(string DisplayPrefix, string Hash);
