using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

public abstract class CreateVirtualKeyTests(TestService service)
{
    [Fact]
    public async Task Only_the_name_is_required_and_the_other_members_have_defaults()
    {
        using var project = await service.CreateProjectAsync();
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);
        var response = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new { name = "a key" });

        response.EnsureStatus(HttpStatusCode.Created);
        Assert.Equal(["secret", "virtual_key"], response.Json.EnumerateObject().Select(member => member.Name).Order());
        var key = response.VirtualKey;
        AssertVirtualKeyShape(key);
        Assert.Equal($"{Routes.VirtualKeys}/{Text(key, "id")}", response.Headers["Location"]);
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
        Assert.Equal("a key", Text(key, "name"));
        Assert.Equal("live", Text(key, "environment"));
        Assert.Equal("active", Text(key, "status"));
        Assert.Equal("1", Text(key, "revision"));
        Assert.Equal(project.Id, Text(key, "project_id"));
        Assert.Null(TextOrNull(key, "description"));
        Assert.Null(TextOrNull(key, "principal_user_id"));
        Assert.Null(TextOrNull(key, "last_used_at"));
        Assert.Null(TextOrNull(key, "external_id"));
        foreach (var list in new[] { "provider_credential_ids", "permissions", "allowed_ips", "retiring_secrets" })
            Assert.Equal("[]", Raw(key, list));
        foreach (var members in new[] { "metadata", "config" }) Assert.Equal("{}", Raw(key, members));
        Assert.Equal(Text(key, "created_at"), Text(key, "updated_at"));
        Assert.InRange(Timestamp(key, "created_at")!.Value, before, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Every_member_is_returned_unchanged_and_lists_keep_their_order()
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new
        {
            name = "  Zoë 🔑 <b>'\"\\  ",
            description = "one line\n\tand another 🗝",
            environment = "test",
            principal_user_id = "user_1",
            provider_credential_ids = new[] { "z", "a", "z" },
            permissions = new[] { "z:write", "a:*", "z:write" },
            external_id = "Zoë/🔑",
            metadata = new Dictionary<string, string> { ["z"] = "one line\n\tand another 🗝", ["a"] = "" },
            config = new { z = new { on = true }, a = new[] { 1 } },
            allowed_ips = new[] { "2001:db8::/48", "10.0.0.0/8" },
        });

        response.EnsureStatus(HttpStatusCode.Created);
        var id = Text(response.VirtualKey, "id");
        var key = await project.GetKeyAsync(id);
        Assert.Equal(response.VirtualKey.ToString(), key.ToString());
        Assert.Equal("  Zoë 🔑 <b>'\"\\  ", Text(key, "name"));
        Assert.Equal("one line\n\tand another 🗝", Text(key, "description"));
        Assert.Equal("test", Text(key, "environment"));
        Assert.Equal("user_1", Text(key, "principal_user_id"));
        Assert.Equal("""["z","a","z"]""", Raw(key, "provider_credential_ids"));
        Assert.Equal("""["z:write","a:*","z:write"]""", Raw(key, "permissions"));
        Assert.Equal("Zoë/🔑", Text(key, "external_id"));
        Assert.Equal("one line\n\tand another 🗝", Text(key.GetProperty("metadata"), "z"));
        Assert.Equal(["z", "a"], key.GetProperty("metadata").EnumerateObject().Select(entry => entry.Name));
        Assert.Equal("""{"z":{"on":true},"a":[1]}""", Raw(key, "config"));
        Assert.Equal("""["2001:db8::/48","10.0.0.0/8"]""", Raw(key, "allowed_ips"));
    }

    [Fact]
    public async Task The_secret_contains_its_environment_and_starts_with_the_display_prefix()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var environment in new[] { "live", "test" })
        {
            var (id, secret) = await project.Client.CreateAsync("a key", environment);
            Assert.StartsWith($"vk-lw-{environment}_", secret, StringComparison.Ordinal);
            var key = await project.GetKeyAsync(id);
            Assert.StartsWith(Text(key, "display_prefix"), secret, StringComparison.Ordinal);
            Assert.Equal("active", await project.Client.VerifyAsync(secret));
        }
    }

    [Fact]
    public async Task Names_need_not_be_unique()
    {
        using var project = await service.CreateProjectAsync();
        var (first, firstSecret) = await project.Client.CreateAsync("same");
        var (second, secondSecret) = await project.Client.CreateAsync("same");
        Assert.NotEqual(first, second);
        Assert.NotEqual(firstSecret, secondSecret);
    }

    [Fact]
    public async Task Members_of_the_maximum_length_are_accepted()
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new
        {
            name = new string('n', 128),
            description = new string('d', 4000),
            principal_user_id = new string('u', 255),
            provider_credential_ids = Enumerable.Repeat(new string('p', 38), 100),
        });
        response.EnsureStatus(HttpStatusCode.Created);
        var rotated = await project.Client.RotateAsync(Text(response.VirtualKey, "id"));
        Assert.Equal("2", Text(rotated.VirtualKey, "revision"));
    }

    [Theory]
    [InlineData('d', 8192 - 1 - 4000, true)]
    [InlineData('d', 8192 - 1 - 4000 + 1, false)]
    [InlineData('é', 8192 - 1 - 8000, true)]
    [InlineData('é', 8192 - 1 - 8000 + 1, false)]
    [InlineData('"', 8192 - 1 - 8000, true)]
    [InlineData('"', 8192 - 1 - 8000 + 1, false)]
    public async Task The_texts_of_a_key_have_at_most_8192_bytes_of_JSON(char text, int idBytes, bool isAccepted)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new
        {
            name = "n",
            description = new string(text, 4000),
            provider_credential_ids = JsonElement.Parse(CreateIds(idBytes)),
        });

        if (isAccepted) response.EnsureStatus(HttpStatusCode.Created);
        else ErrorAssert.IsError(response, 422, "validation_failed");
    }

    [Theory]
    [InlineData("\"external_id\":\" 0123456789 \"", 10), InlineData("\"permissions\":[\"01234\",\"56789\"]", 10)]
    [InlineData("\"metadata\":{\"01\":\"234\",\"56\":\"789\"}", 10)]
    [InlineData("\"allowed_ips\":[\"10.0.0.0/8\"]", 10), InlineData("\"config\":{\"a\":\"0123456789\"}", 0)]
    public async Task Every_text_but_the_config_counts(string member, int bytes)
    {
        using var project = await service.CreateProjectAsync();
        var fitting = CreateIds(8192 - 1 - bytes);
        await project.CreateAsync($"{member},\"provider_credential_ids\":{fitting}");
        var tooLong = CreateIds(8192 - bytes);
        var refused = await project.SendCreateAsync($"{member},\"provider_credential_ids\":{tooLong}");
        ErrorAssert.IsError(refused, 422, "validation_failed");
    }

    [Fact]
    public async Task A_patch_beyond_8192_bytes_of_text_is_422_and_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, before) = await project.CreateAsync($"\"provider_credential_ids\":{CreateIds(8192 - 1 - 9)}");
        var refused = await project.SendUpdateAsync(id, """{"name":"m","metadata":{"01":"23456789"}}""");
        ErrorAssert.IsError(refused, 422, "validation_failed");
        Assert.Equal(before.ToString(), (await project.GetKeyAsync(id)).ToString());
        await project.UpdateAsync(id, """{"name":"m","metadata":{"01":"2345678"}}""");
    }

    /// <summary>Creates a list of ids that have a number of bytes together.</summary>
    private static string CreateIds(int bytes) => JsonSerializer.Serialize(
        Enumerable.Repeat(new string('p', 255), bytes / 255).Append(new string('p', bytes % 255)));
}
