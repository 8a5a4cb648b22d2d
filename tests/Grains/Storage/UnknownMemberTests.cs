using System.Text.Json.Nodes;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;

namespace KeysCluster.Grains.Tests.Storage;

/// <summary>
/// A newer build may add members to every object of a state. This build does not know them, but keeps them when it
/// writes the state, as during a rolling upgrade.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class UnknownMemberTests(KeysTestCluster cluster)
{
    private const string UnknownMember = "member_of_a_newer_build";

    [Fact]
    public async Task A_change_keeps_unknown_members()
    {
        var key = await CreateKeyOfNewerBuildAsync();
        var before = key.Row.ParseJson();

        Assert.Equal(ChangeOutcome.Done, (await key.RenameAsync("another name")).Outcome);

        // The unknown member of the previous event belongs to that event, which the new one replaces.
        AssertEqualExcept(["name", "revision", "change", "updated_at"], before, key.Row.ParseJson());
    }

    [Fact]
    public async Task A_rotation_keeps_unknown_members()
    {
        var key = await CreateKeyOfNewerBuildAsync();
        var before = key.Row.ParseJson();

        await key.RotateAsync(key.Mint(), TestData.NewIdempotentRequest("another"));

        var after = key.Row.ParseJson();
        AssertEqualExcept(
            ["revision", "change", "updated_at", "erase_at", "retiring_until", "secrets", "receipts"], before, after);
        AssertEqualExcept(["receipts"], Object(before, "receipts"), Object(after, "receipts"));
        AssertEqual(Items(before, "receipts", "receipts")[0], Items(after, "receipts", "receipts")[0]);
        AssertEqualExcept(["current", "replaced"], Object(before, "secrets"), Object(after, "secrets"));
        AssertEqual(Items(before, "secrets", "replaced")[0], Items(after, "secrets", "replaced")[1]);
        AssertEqualExcept(
            ["valid_until"],
            Object(before, "secrets", "current"),
            Items(after, "secrets", "replaced")[0]!.AsObject());
    }

    [Fact]
    public async Task Writing_the_last_use_keeps_unknown_members()
    {
        var key = await CreateKeyOfNewerBuildAsync();
        var before = key.Row.ParseJson();
        var writes = key.Writes.Count;

        await key.UseAsync(key.First);
        cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        await key.Writes.WaitForCompletedAsync(writes + 1);

        var after = key.Row.ParseJson();
        var retiring = Items(after, "secrets", "replaced")[0]!.AsObject();
        Assert.True(after.Remove("last_used_at"));
        Assert.True(retiring.Remove("last_used_at"));
        AssertEqual(before, after);
    }

    [Fact]
    public async Task An_erasure_keeps_unknown_members()
    {
        var key = await CreateKeyOfNewerBuildAsync();
        var before = key.Row.ParseJson();

        await cluster.AdvanceToReminderTickAsync(key.GrainId);

        // The expired secret and the expired record are removed as a whole.
        Assert.False(key.IsHashStored(key.First));
        Items(before, "secrets", "replaced").Clear();
        Items(before, "receipts", "receipts").Clear();
        AssertEqualExcept(["change", "erase_at", "retiring_until"], before, key.Row.ParseJson());
    }

    [Fact]
    public async Task Changes_and_erasures_of_a_project_keep_unknown_members()
    {
        var project = await GrainTestProject.CreateAsync(cluster, TestData.OriginalRequest);
        await project.RotateAsync();
        await AddUnknownMembersAsync(StorageNames.Project, project.GrainId);
        var before = project.Row.ParseJson();

        var second = await project.RotateAsync();
        await cluster.AdvanceToReminderTickAsync(project.GrainId);

        Assert.NotNull(await project.AuthenticateAsync(second));
        var after = project.Row.ParseJson();
        Assert.Empty(Items(after, "secrets", "replaced"));
        AssertEqualExcept(["revision", "change", "updated_at", "erase_at", "secrets", "receipts"], before, after);
        AssertEqualExcept(["receipts"], Object(before, "receipts"), Object(after, "receipts"));
        AssertEqualExcept(["current", "replaced"], Object(before, "secrets"), Object(after, "secrets"));
    }

    /// <summary>Creates a key whose state has an unknown member in every object, at every level.</summary>
    private async Task<GrainTestKey> CreateKeyOfNewerBuildAsync()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync(key.Mint(), TimeSpan.FromHours(24));
        await key.RotateAsync(key.Mint(), TimeSpan.Zero);
        await key.RotateAsync(key.Mint(), TimeSpan.Zero, TestData.OriginalRequest);
        await cluster.AdvanceToReminderTickAsync(key.GrainId);

        await AddUnknownMembersAsync(StorageNames.VirtualKey, key.GrainId);
        return key;
    }

    private async Task AddUnknownMembersAsync(string stateName, GrainId grain)
    {
        await cluster.RestartAsync(grain);
        cluster.Storage.OverwriteJson(stateName, grain, AddUnknownMember);
    }

    /// <summary>Adds the member to an object and to every object in it. The values differ by their path.</summary>
    private static void AddUnknownMember(JsonObject json)
    {
        foreach (var (_, value) in json.ToList())
        {
            if (value is JsonObject child) AddUnknownMember(child);
            if (value is JsonArray items)
                foreach (var item in items.OfType<JsonObject>()) AddUnknownMember(item);
        }

        json[UnknownMember] = new JsonObject
        {
            ["path"] = json.GetPath(),
            ["nothing"] = null,
            ["numbers"] = JsonNode.Parse("[1, 2.50, 12345678901234567890]"),
            ["text"] = "ü \" <",
        };
    }

    private static JsonObject Object(JsonNode json, params IEnumerable<string> path) =>
        path.Aggregate(json, (node, name) => node[name]!).AsObject();

    private static JsonArray Items(JsonNode json, string parent, string name) => json[parent]![name]!.AsArray();

    private static void AssertEqual(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected: {expected}\nActual: {actual}");

    /// <summary>Asserts that two objects are equal except for some of their own members.</summary>
    private static void AssertEqualExcept(string[] members, JsonObject expected, JsonObject actual)
    {
        var (remainingExpected, remainingActual) = (expected.DeepClone().AsObject(), actual.DeepClone().AsObject());
        foreach (var member in members)
        {
            remainingExpected.Remove(member);
            remainingActual.Remove(member);
        }

        AssertEqual(remainingExpected, remainingActual);
    }
}
