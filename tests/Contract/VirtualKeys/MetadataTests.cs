using System.Globalization;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

public abstract class MetadataTests(TestService service)
{
    [Fact]
    public async Task A_patch_replaces_all_entries_an_empty_object_removes_them_and_absent_metadata_is_kept()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, created) = await project.CreateAsync("""
            "metadata":{"team":"a","tier":"gold"}
            """);
        Assert.Equal("""{"team":"a","tier":"gold"}""", Raw(created, "metadata"));
        var renamed = await project.UpdateAsync(id, """{"name":"m"}""");
        Assert.Equal("""{"team":"a","tier":"gold"}""", Raw(renamed, "metadata"));

        var replaced = await project.UpdateAsync(id, """{"metadata":{"team":"b"}}""");
        Assert.Equal("""{"team":"b"}""", Raw(replaced, "metadata"));
        Assert.Equal("3", Text(replaced, "revision"));
        Assert.Equal(replaced.ToString(), (await project.GetKeyAsync(id)).ToString());

        var cleared = await project.UpdateAsync(id, """{"metadata":{}}""");
        Assert.Equal("{}", Raw(cleared, "metadata"));
        Assert.Equal(cleared.ToString(), (await project.UpdateAsync(id, """{"metadata":{}}""")).ToString());
        ErrorAssert.IsError(
            await project.SendUpdateAsync(id, """{"metadata":null}"""), 422, "validation_failed", naming: "metadata");
    }

    [Fact]
    public async Task Metadata_may_have_40_entries_of_64_and_500_characters_and_empty_values()
    {
        using var project = await service.CreateProjectAsync();
        string[] limits =
        [
            CreateMetadata(40), CreateEntry(new string('k', 64), new string('v', 500)), CreateEntry("k", ""),
            CreateEntry(" ", " "), CreateEntry("k", "a\tb\r\nc"), CreateEntry("__proto__", "🗝 \"'\\<"),
        ];
        var (id, _) = await project.Client.CreateAsync();
        foreach (var metadata in limits)
        {
            var (_, _, created) = await project.CreateAsync($"\"metadata\":{metadata}");
            AssertEqual(metadata, created);
            AssertEqual(metadata, await project.UpdateAsync(id, $$"""{"metadata":{{metadata}}}"""));
        }
    }

    [Fact]
    public async Task Metadata_beyond_a_limit_is_422_naming_it_and_nothing_changes()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var before = (await project.Client.GetAsync(id)).Body;
        string[] values =
        [
            CreateMetadata(41), CreateEntry(new string('k', 65), "v"), CreateEntry("k", new string('v', 501)),
            CreateEntry("", "v"), CreateEntry("k\u0000", "v"), CreateEntry("k", "\u0007"), CreateEntry("k", "\u007f"),
            "null", "[]", "\"a\"", "1", """{"a":1}""", """{"a":null}""", """{"a":["b"]}""", """{"a":{"b":"c"}}""",
            """{"a":true}""", """{"a":"\ud800"}""",
        ];
        foreach (var metadata in values)
        {
            var created = await project.SendCreateAsync($"\"metadata\":{metadata}");
            ErrorAssert.IsError(created, 422, "validation_failed", naming: "metadata");
            var updated = await project.SendUpdateAsync(id, $$"""{"metadata":{{metadata}}}""");
            ErrorAssert.IsError(updated, 422, "validation_failed", naming: "metadata");
        }

        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);
        Assert.Single(await project.ListKeysAsync());
    }

    private static string CreateMetadata(int count) => JsonSerializer.Serialize(
        Enumerable.Range(0, count).ToDictionary(number => number.ToString(CultureInfo.InvariantCulture), _ => "v"));

    private static string CreateEntry(string key, string value) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { [key] = value });

    private static void AssertEqual(string metadata, JsonElement key) => Assert.True(
        JsonElement.DeepEquals(JsonElement.Parse(metadata), key.GetProperty("metadata")), Raw(key, "metadata"));
}
