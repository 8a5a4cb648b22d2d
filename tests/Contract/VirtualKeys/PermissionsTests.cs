using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>The permissions that a key carries. <c>VerifyPermissionsTests</c> tests what they grant.</summary>
public abstract class PermissionsTests(TestService service)
{
    [Fact]
    public async Task A_patch_replaces_the_list_an_empty_list_clears_it_and_an_absent_one_keeps_it()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, created) = await project.CreateAsync("""
            "permissions":["b","a:*"]
            """);
        Assert.Equal("""["b","a:*"]""", Raw(created, "permissions"));
        Assert.Equal("""["b","a:*"]""", Raw(await project.UpdateAsync(id, """{"name":"m"}"""), "permissions"));

        var replaced = await project.UpdateAsync(id, """{"permissions":["c"]}""");
        Assert.Equal("""["c"]""", Raw(replaced, "permissions"));
        Assert.Equal("3", Text(replaced, "revision"));
        Assert.Equal(replaced.ToString(), (await project.GetKeyAsync(id)).ToString());

        var cleared = await project.UpdateAsync(id, """{"permissions":[]}""");
        Assert.Equal("[]", Raw(cleared, "permissions"));
        Assert.Equal("4", Text(cleared, "revision"));
        var clearedAgain = await project.UpdateAsync(id, """{"permissions":[]}""");
        Assert.Equal(cleared.ToString(), clearedAgain.ToString());
        ErrorAssert.IsError(
            await project.SendUpdateAsync(id, """{"permissions":null}"""), 422, "validation_failed", "permissions");
    }

    [Fact]
    public async Task The_order_of_permissions_is_a_change()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, _) = await project.CreateAsync("""
            "permissions":["a","b"]
            """);
        var reordered = await project.UpdateAsync(id, """{"permissions":["b","a"]}""");
        Assert.Equal("""["b","a"]""", Raw(reordered, "permissions"));
        Assert.Equal("2", Text(reordered, "revision"));
    }

    [Theory]
    [InlineData("*"), InlineData("a"), InlineData("a:*"), InlineData("!"), InlineData("~"), InlineData("models:4/*")]
    [InlineData("\\\""), InlineData("\\\\")]
    public async Task A_permission_is_printable_ASCII_with_an_asterisk_only_at_the_end(string permission)
    {
        using var project = await service.CreateProjectAsync();
        var list = $"[\"{permission}\"]";
        var (id, _, created) = await project.CreateAsync($"\"permissions\":{list}");
        Assert.Equal(JsonElement.Parse(list)[0].GetString(), created.GetProperty("permissions")[0].GetString());
        Assert.Equal(created.ToString(), (await project.UpdateAsync(id, $$"""{"permissions":{{list}}}""")).ToString());
    }

    [Fact]
    public async Task A_key_has_at_most_64_permissions_of_128_characters()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var longest = new string('p', 127) + "*";
        foreach (var list in new[] { CreateList(64, "p"), CreateList(1, longest) })
        {
            await project.CreateAsync($"\"permissions\":{list}");
            await project.UpdateAsync(id, $$"""{"permissions":{{list}}}""");
        }

        var before = (await project.Client.GetAsync(id)).Body;
        foreach (var list in new[] { CreateList(65, "p"), CreateList(1, "p" + longest) })
        {
            var created = await project.SendCreateAsync($"\"permissions\":{list}");
            ErrorAssert.IsError(created, 422, "validation_failed", naming: "permissions");
            var updated = await project.SendUpdateAsync(id, $$"""{"permissions":{{list}}}""");
            ErrorAssert.IsError(updated, 422, "validation_failed", naming: "permissions");
        }

        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);
    }

    private static string CreateList(int count, string permission) =>
        JsonSerializer.Serialize(Enumerable.Repeat(permission, count));
}
