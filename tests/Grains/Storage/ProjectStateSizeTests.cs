using System.Text.Json;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.Storage;

/// <summary>The largest state of a project that callers can bring about, by the rules themselves.</summary>
public sealed class ProjectStateSizeTests
{
    /// <summary>Source: docs/adr/0019-api-keys.md.</summary>
    private const int MaxBytes = 192 * 1024;

    private static readonly DateTimeOffset Now = TestData.Start;

    [Fact]
    public void A_project_with_100_API_keys_and_128_retiring_secrets_takes_at_most_192_KB()
    {
        var state = CreateProject();
        while (Create(state) is { } created) state = created;
        Assert.Equal(ApiKeyLimits.MaxApiKeys, state.ApiKeys.Count);

        for (var i = 0; Rotate(state, i) is { } rotated; i++) state = rotated;
        Assert.Equal(
            ApiKeyLimits.MaxRetiringSecrets, state.SecretSets.Sum(secrets => secrets.CountRetiring(Now)));

        var size = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options).Length;
        Assert.InRange(size, MaxBytes / 2, MaxBytes);
    }

    private static ProjectState CreateProject()
    {
        var first = Mint();
        var command = new CreateProjectCommand(new string('漢', 255), first, TestData.Admin);
        return ProjectLifecycle.Create(
            TestData.Project.ToString(), command, StoredSecret.From(first, TestData.Pepper, Now), Now).State!;
    }

    private static ProjectState? Create(ProjectState state)
    {
        var decision = ApiKeyLifecycle.Create(
            state,
            new CreateApiKeyCommand
            {
                Caller = TestData.Caller,
                Id = ApiKeyId.New(Now),
                Name = new string('漢', ApiKeyLimits.MaxNameLength),
                Permissions = ApiKeyPermissions.All,
                ExpiresAt = Now.AddYears(1),
                Secret = Mint(),
            },
            TestData.Pepper,
            Now);
        return decision.Outcome == ChangeOutcome.Done ? EventRecorder.Record(state, decision.State!) : null;
    }

    private static ProjectState? Rotate(ProjectState state, int number)
    {
        var key = state.ApiKeys[number % state.ApiKeys.Count];
        var command = new RotateSecretCommand { Caller = TestData.Caller, Secret = Mint() };
        var decision = ApiKeyLifecycle.Rotate(state, key, command, TestData.Pepper, Now, Now);
        return decision.Outcome == ChangeOutcome.Done ? EventRecorder.Record(state, decision.State!) : null;
    }

    private static NewSecret Mint() => NewSecret.From(ProjectApiKey.Mint(TestData.Project), Now);
}
