using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.Events;

/// <summary>
/// The events of a project and its API keys, in random histories. A failure prints its seed; the environment variable
/// <c>CsCheck_Seed</c> repeats it.
/// </summary>
public sealed class ProjectEventHistoryTests
{
    private const int HistoryCount = 200;

    private static readonly Caller Caller = new(TestData.Project, TestData.Admin);

    private enum StepKind
    {
        Rename, SetQuota, SetMembers, Disable, Enable, CreateApiKey, RenameApiKey, SetPermissions, SetExpiry,
        RotateApiKey, ExpireRetiring, ChangeDeadline, DeleteApiKey, EraseExpired, AdvanceClock, Archive,
    }

    private sealed record Step(StepKind Kind, int Minutes, int Pick);

    private static readonly Gen<Step[]> AnyHistory =
        from steps in Gen.Select(
            Gen.Int[0, (int)StepKind.AdvanceClock], Gen.Int[1, 3000], Gen.Int[0, 99],
            (kind, minutes, pick) => new Step((StepKind)kind, minutes, pick)).Array[0, 25]
        from archives in Gen.Bool
        select archives ? [.. steps, new Step(StepKind.Archive, 0, 0)] : steps;

    [Fact]
    public void The_changes_of_events_applied_to_any_older_state_give_the_newer_one() => ForAnyHistory(versions =>
    {
        for (var older = 0; older < versions.Count; older++)
        {
            var fields = EventRecorder.GetFields(versions[older]);
            for (var newer = older + 1; newer < versions.Count; newer++)
            {
                fields = EventReplay.Apply(fields, GetChanges(versions[newer]));
                var expected = EventRecorder.GetFields(versions[newer]);
                Assert.True(JsonNode.DeepEquals(expected, fields), $"Expected: {expected}\nActual: {fields}");
            }
        }
    });

    [Fact]
    public void The_changes_of_all_events_applied_to_nothing_give_the_state() => ForAnyHistory(versions =>
    {
        var fields = versions.Aggregate(new JsonObject(), (fields, next) => EventReplay.Apply(fields, GetChanges(next)));
        Assert.True(JsonNode.DeepEquals(EventRecorder.GetFields(versions[^1]), fields));
    });

    [Fact]
    public void No_event_contains_a_hash() => ForAnyHistory(versions =>
    {
        var hashes = versions
            .SelectMany(version => version.SecretSets)
            .SelectMany(secrets => secrets.All())
            .Select(secret => Convert.ToBase64String(secret.Hash))
            .ToHashSet();
        foreach (var version in versions)
        {
            var json = GetChanges(version).ToJsonString(StateJson.Options);
            Assert.DoesNotContain(hashes, hash => json.Contains(hash, StringComparison.Ordinal));
        }
    });

    [Fact]
    public void The_events_of_a_project_record_its_quota_and_the_permissions_of_an_API_key()
    {
        var versions = Run([new(StepKind.SetQuota, 0, 7), new(StepKind.CreateApiKey, 0, 1)]);

        Assert.Equal(7, (int?)GetChanges(versions[1])["max_virtual_keys"]!["new"]);
        var created = GetChanges(versions[2])
            .Single(change => change.Key.StartsWith("api_keys.", StringComparison.Ordinal));
        Assert.Equal(ApiKeyPermissions.CreateVirtualKeys, (string?)created.Value!["new"]!["permissions"]![0]);
    }

    private static void ForAnyHistory(Action<IReadOnlyList<ProjectState>> assert) => AnyHistory.Sample(
        history => assert(Run(history)),
        iter: HistoryCount,
        threads: 1,
        print: history => string.Join("; ", history.Select(step => $"{step}")));

    private static List<ProjectState> Run(Step[] history)
    {
        var now = TestData.Start;
        var first = Mint(now);
        var created = ProjectLifecycle.Create(
            TestData.Project.ToString(),
            new CreateProjectCommand("a project", first, TestData.Admin, Language: "a language"),
            StoredSecret.From(first, TestData.Pepper, now),
            now);
        List<ProjectState> versions = [EventRecorder.Record(before: null, created.State!)];
        foreach (var step in history)
        {
            var state = versions[^1];
            var next = Apply(step, state, now);
            if (next is not null && !ReferenceEquals(next, state)) versions.Add(EventRecorder.Record(state, next));
            if (step.Kind == StepKind.AdvanceClock) now = now.AddMinutes(step.Minutes);
        }

        return versions;
    }

    private static ProjectState? Apply(Step step, ProjectState state, DateTimeOffset now) => step.Kind switch
    {
        StepKind.Rename => Update(state, new() { Caller = Caller, Name = $"name {step.Pick}" }, now),
        StepKind.SetQuota => Update(state, new()
        {
            Caller = Caller,
            MaxVirtualKeys = step.Pick,
            ClearsMaxVirtualKeys = step.Pick % 3 == 0,
        }, now),
        StepKind.SetMembers => Update(state, new()
        {
            Caller = Caller,
            Framework = $"framework {step.Pick}",
            TeamId = $"team_{step.Pick}",
            ClearsLanguage = step.Pick % 2 == 0,
            ClearsTeamId = step.Pick % 3 == 0,
        }, now),
        StepKind.Disable =>
            ProjectLifecycle.Disable(state, Caller, step.Pick % 2 == 0 ? "a reason" : null, now).State,
        StepKind.Enable => ProjectLifecycle.Enable(state, Caller, now).State,
        StepKind.Archive => ProjectLifecycle.Archive(state, Caller, now).State,
        StepKind.EraseExpired => SecretHolderLifecycle.EraseExpired(state, now, now.AddSeconds(-1)),
        StepKind.CreateApiKey => ApiKeyLifecycle.Create(
            state,
            new CreateApiKeyCommand
            {
                Caller = Caller,
                Id = ApiKeyId.New(now),
                Name = $"key {step.Pick}",
                Permissions = [ApiKeyPermissions.CreateVirtualKeys],
                ExpiresAt = step.Pick % 2 == 0 ? now.AddMinutes(step.Minutes) : null,
                Secret = Mint(now),
            },
            TestData.Pepper,
            now).State,
        _ => state.ApiKeys.Count == 0 ? state : ApplyToApiKey(step, state, now),
    };

    private static ProjectState? Update(ProjectState state, UpdateProjectCommand command, DateTimeOffset now) =>
        ProjectLifecycle.Update(state, command, now).State;

    private static ProjectState? ApplyToApiKey(Step step, ProjectState state, DateTimeOffset now)
    {
        var key = state.ApiKeys[step.Pick % state.ApiKeys.Count];
        var id = ApiKeyId.Parse(key.Id);
        var secrets = key.Secrets.All().ToList();
        var picked = SecretId.Parse(secrets[step.Pick % secrets.Count].Id);
        var time = now.AddMinutes(step.Minutes);
        return step.Kind switch
        {
            StepKind.RenameApiKey => UpdateApiKey(new() { Caller = Caller, Id = id, Name = $"name {step.Pick}" }),
            StepKind.SetPermissions => UpdateApiKey(new()
            {
                Caller = Caller,
                Id = id,
                Permissions = step.Pick % 2 == 0 ? [] : [ApiKeyPermissions.RotateVirtualKeys],
            }),
            StepKind.SetExpiry => UpdateApiKey(new()
            {
                Caller = Caller,
                Id = id,
                SetsExpiresAt = true,
                ExpiresAt = step.Pick % 3 == 0 ? null : time,
            }),
            StepKind.RotateApiKey => ApiKeyLifecycle.Rotate(
                state,
                key,
                TestData.NewRotateCommand(Caller, ProjectApiKey.Mint(TestData.Project), now),
                TestData.Pepper,
                now,
                eraseBefore: now.AddSeconds(-1)).State,
            StepKind.ExpireRetiring => ApiKeyLifecycle.ExpireRetiring(
                state, key, new(Caller, step.Pick % 2 == 0 ? picked : null), now).State,
            StepKind.ChangeDeadline => ApiKeyLifecycle.ChangeDeadline(state, key, new(Caller, picked, time), now).State,
            StepKind.DeleteApiKey => ApiKeyLifecycle.Delete(state, key, Caller, now).State,
            _ => state,
        };

        ProjectState? UpdateApiKey(UpdateApiKeyCommand command) =>
            ApiKeyLifecycle.Update(state, key, command, now).State;
    }

    private static NewSecret Mint(DateTimeOffset now) => NewSecret.From(ProjectApiKey.Mint(TestData.Project), now);

    /// <summary>Returns the changes of the last event, as the database would contain them.</summary>
    private static JsonObject GetChanges(ProjectState version) =>
        JsonNode.Parse(JsonSerializer.Serialize(version, StateJson.Options))!["change"]!["changes"]?.AsObject() ?? [];
}
