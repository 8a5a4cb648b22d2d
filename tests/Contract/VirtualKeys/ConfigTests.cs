using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>The configuration is any JSON object, which the service stores for gateways.</summary>
public abstract class ConfigTests(TestService service)
{
    private const int MaxBytes = 16384;

    [Fact]
    public async Task A_config_keeps_its_numbers_its_order_and_its_null_members()
    {
        using var project = await service.CreateProjectAsync();
        const string numbers = "[1E2,-0,0.10,12345678901234567890.5,-1.7976931348623157e308]";
        const string config = $$$"""{"z":1.50,"a":{{{numbers}}},"n":{"b":null,"a":{}},"l":[]}""";
        var (id, _, created) = await project.CreateAsync($"\"config\":{config}");
        Assert.Equal(config, Raw(created, "config"));
        Assert.Equal(config, Raw(await project.GetKeyAsync(id), "config"));
        Assert.Equal(config, Raw(Assert.Single(await project.ListKeysAsync()), "config"));

        var extended = await project.UpdateAsync(id, """{"config":{"x":2.50}}""");
        Assert.Equal(config[..^1] + ""","x":2.50}""", Raw(extended, "config"));
        Assert.Equal(extended.ToString(), (await project.GetKeyAsync(id)).ToString());
    }

    [Fact]
    public async Task A_config_keeps_any_well_formed_text()
    {
        using var project = await service.CreateProjectAsync();
        const string config = """{"é\u0000":"\ud83d\udd11 🔑 <b>'\u2028\"\\\/\u0000\u001f","":"\uFFFF"}""";
        var (id, _, _) = await project.CreateAsync($"\"config\":{config}");
        AssertEqual(config, await project.GetKeyAsync(id));
        await project.UpdateAsync(id, """{"config":{"x":1}}""");
        AssertEqual(config[..^1] + ",\"x\":1}", await project.GetKeyAsync(id));
    }

    [Fact]
    public async Task A_patch_replaces_top_level_members_and_a_null_member_removes_one()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, _) = await project.CreateAsync("""
            "config":{"limits":{"rpm":1,"tpm":2},"models":["a"],"fallback":null}
            """);
        await AssertPatchedAsync(
            """{"models":["b"]}""", """{"limits":{"rpm":1,"tpm":2},"models":["b"],"fallback":null}""");
        await AssertPatchedAsync(
            """{"limits":{"rpm":3}}""", """{"limits":{"rpm":3},"models":["b"],"fallback":null}""");
        await AssertPatchedAsync(
            """{"models":null,"x":{"y":null}}""", """{"limits":{"rpm":3},"fallback":null,"x":{"y":null}}""");
        await AssertPatchedAsync("""{"limits":null,"x":null,"fallback":null}""", "{}");

        async Task AssertPatchedAsync(string patch, string expected)
        {
            AssertEqual(expected, await project.UpdateAsync(id, $$"""{"config":{{patch}}}"""));
            AssertEqual(expected, await project.GetKeyAsync(id));
        }
    }

    [Fact]
    public async Task Null_removes_the_config_and_an_absent_one_is_kept()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, _) = await project.CreateAsync("""
            "config":{"rpm":1}
            """);
        Assert.Equal("""{"rpm":1}""", Raw(await project.UpdateAsync(id, """{"name":"m"}"""), "config"));
        var cleared = await project.UpdateAsync(id, """{"config":null}""");
        Assert.Equal("{}", Raw(cleared, "config"));
        Assert.Equal("3", Text(cleared, "revision"));
        foreach (var patch in new[] { """{"config":null}""", """{"config":{}}""", """{"config":{"rpm":null}}""" })
            Assert.Equal(cleared.ToString(), (await project.UpdateAsync(id, patch)).ToString());
    }

    [Theory]
    [InlineData("""{"a":1,"b":"c"}"""), InlineData("""{ "a" : 1 }"""), InlineData("""{"a":"\u00e9"}""")]
    [InlineData("""{"a":"🔑"}"""), InlineData("""{"a":"\/<\u003c"}"""), InlineData("{}")]
    public async Task A_patch_that_repeats_the_config_changes_nothing(string config)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, created) = await project.CreateAsync($"\"config\":{config}");
        foreach (var patch in new[] { "{}", config })
        {
            var patched = await project.UpdateAsync(id, $$"""{"config":{{patch}}}""");
            Assert.Equal(created.ToString(), patched.ToString());
        }
    }

    [Fact]
    public async Task A_config_has_at_most_16384_bytes()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, _) = await project.CreateAsync($"\"config\":{CreateConfig("a", MaxBytes)}");
        await project.UpdateAsync(id, $$"""{"config":{{CreateConfig("a", MaxBytes)}}}""");
        var before = (await project.Client.GetAsync(id)).Body;

        var created = await project.SendCreateAsync($"\"config\":{CreateConfig("a", MaxBytes + 1)}");
        ErrorAssert.IsError(created, 422, "validation_failed", naming: "config");
        string[] patches = [CreateConfig("a", MaxBytes + 1), CreateConfig("b", MaxBytes), """{"b":1}"""];
        foreach (var patch in patches)
        {
            var updated = await project.SendUpdateAsync(id, $$"""{"config":{{patch}}}""");
            ErrorAssert.IsError(updated, 422, "validation_failed", naming: "config");
        }

        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);
        await project.UpdateAsync(id, """{"config":{"a":null,"b":1}}""");
    }

    [Theory]
    [InlineData("🔑"), InlineData("é"), InlineData("\u2028"), InlineData("<")]
    public async Task A_config_that_was_accepted_can_be_patched(string text)
    {
        using var project = await service.CreateProjectAsync();
        var texts = string.Concat(Enumerable.Repeat(text, 3000));
        var (id, _, _) = await project.CreateAsync($$"""
            "config":{"a":"{{texts}}"}
            """);
        var updated = await project.UpdateAsync(id, """{"config":{"b":1}}""");
        AssertEqual($$"""{"a":"{{texts}}","b":1}""", updated);
    }

    [Theory]
    [InlineData("[]"), InlineData("\"a\""), InlineData("1"), InlineData("true"), InlineData("""[{"a":1}]""")]
    [InlineData("""{"a":1e400}"""), InlineData("""{"a":[{"b":-1e309}]}"""), InlineData("""{"a":1e-400}""")]
    [InlineData("""{"a":"\ud800"}"""), InlineData("""{"a":["\udc00x"]}"""), InlineData("""{"a":{"b":"\ud83d"}}""")]
    public async Task A_config_that_is_no_object_or_cannot_be_stored_is_422_and_changes_nothing(string config)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, before) = await project.CreateAsync("""
            "config":{"rpm":1}
            """);
        var created = await project.SendCreateAsync($"\"config\":{config}");
        ErrorAssert.IsError(created, 422, "validation_failed", naming: "config");
        var updated = await project.SendUpdateAsync(id, $$"""{"config":{{config}}}""");
        ErrorAssert.IsError(updated, 422, "validation_failed", naming: "config");
        Assert.Equal(before.ToString(), (await project.GetKeyAsync(id)).ToString());
    }

    [Theory]
    [InlineData("0e-99999"), InlineData("0e9999999999"), InlineData("-0.0"), InlineData("5e-324")]
    public async Task An_extreme_number_is_kept_or_refused_with_422(string number) =>
        await AssertKeptOrRefusedAsync($$"""{"a":{{number}}}""");

    [Fact]
    public async Task A_number_of_16300_digits_is_kept_or_refused_with_422()
    {
        var digits = new string('0', 16300);
        foreach (var number in new[] { $"1.{digits}", $"1.{digits}e-300", $"1{digits}e-16300" })
            await AssertKeptOrRefusedAsync($$"""{"a":{{number}}}""");
    }

    [Theory]
    [InlineData(59), InlineData(60), InlineData(61), InlineData(63)]
    public async Task A_nested_config_is_kept_or_refused_with_422(int depth)
    {
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        await AssertKeptOrRefusedAsync(objects);
        var arrays = $$"""{"a":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";
        await AssertKeptOrRefusedAsync(arrays);
    }

    /// <summary>Asserts that a create and a PATCH either store the config or refuse it.</summary>
    private async Task AssertKeptOrRefusedAsync(string config)
    {
        using var project = await service.CreateProjectAsync();
        var created = await project.SendCreateAsync($"\"config\":{config}");
        var (id, _) = await project.Client.CreateAsync();
        var updated = await project.SendUpdateAsync(id, $$"""{"config":{{config}}}""");
        foreach (var response in new[] { created, updated })
        {
            if (response.Status is not (HttpStatusCode.Created or HttpStatusCode.OK))
            {
                ErrorAssert.IsError(response, 422, "validation_failed", naming: "config");
                continue;
            }

            Assert.Equal(config, Raw(await project.GetKeyAsync(Text(response.VirtualKey, "id")), "config"));
        }

        Assert.NotEmpty(await project.ListKeysAsync());
    }

    /// <summary>Creates a configuration of a number of bytes.</summary>
    private static string CreateConfig(string member, int bytes) =>
        $$"""{"{{member}}":"{{new string('x', bytes - 7 - member.Length)}}"}""";

    private static void AssertEqual(string config, JsonElement key) => Assert.True(
        JsonElement.DeepEquals(JsonElement.Parse(config), key.GetProperty("config")), Raw(key, "config"));
}
