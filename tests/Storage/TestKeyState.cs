namespace KeysCluster.Storage.Tests;

/// <summary>A stored state with the fields that the migrations read, and one they do not.</summary>
internal sealed record TestKeyState
{
    public const string StateName = "virtual-key";

    private static readonly DateTimeOffset BaseTime = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    public string Id { get; init; } = "";

    public string ProjectId { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public long Revision { get; init; }

    public TestAuditEntry? Change { get; init; }

    public TestSecretSet? Secrets { get; init; }

    public string Note { get; init; } = "";

    /// <summary>Not yet stored, created at a fixed instant.</summary>
    public static TestGrainState Create(string id, string project = "project_a", int createdAtMilliseconds = 0) =>
        new()
        {
            State = new TestKeyState
            {
                Id = id,
                ProjectId = project,
                CreatedAt = BaseTime.AddMilliseconds(createdAtMilliseconds),
                Revision = 1,
                Change = new TestAuditEntry("create", "project_api_key:pk_1", "2026-11-22T10:15:00.000Z"),
                Secrets = new TestSecretSet(new TestStoredSecret("vk-lw-live_ABC123", "hash-of-the-secret")),
            },
        };

    public TestKeyState WithChange(string action) => this with
    {
        Revision = Revision + 1,
        Change = new TestAuditEntry(action, "project_api_key:pk_2", "2026-11-22T10:16:00.000Z"),
    };
}

internal sealed record TestAuditEntry(string Action, string Actor, string At);

internal sealed record TestSecretSet(TestStoredSecret? Current);

internal sealed record TestStoredSecret(string DisplayPrefix, string Hash);
