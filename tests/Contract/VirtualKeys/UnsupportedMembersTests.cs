using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>
/// Members that clients of LangWatch send and the service does not keep: accepted while they ask for nothing.
/// </summary>
[Collection(SqliteService.CollectionName)]
public sealed class UnsupportedMembersTests(SqliteService service)
{
    /// <summary>The members, and whether PATCH knows them too.</summary>
    public static TheoryData<string, bool> Members() => new()
    {
        { "scopes", true }, { "trace_project_id", true }, { "routing_policy_id", true }, { "routing_mode", true },
        { "budget", true }, { "purpose", false }, { "organization_id", false },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Null_and_empty_values_are_accepted(string member, bool canBePatched)
    {
        foreach (var value in new[] { "null", "\"\"", "[]", "{}" })
            await AssertAcceptedAsync($"\"{member}\":{value}", canBePatched);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_value_is_422_and_nothing_is_created_or_changed(string member, bool canBePatched)
    {
        string[] values = ["\"x\"", "\" \"", "0", "1", "true", "false", """["x"]""", """{"x":null}""", "[null]"];
        foreach (var value in values) await AssertRefusedAsync($"\"{member}\":{value}", member, canBePatched);
    }

    [Theory]
    [InlineData("\"purpose\":\"user\"", false), InlineData("\"routing_mode\":\"none\"", true)]
    [InlineData("\"purpose\":\"\\u0075ser\"", false)]
    public async Task A_value_that_states_the_default_is_accepted(string member, bool canBePatched) =>
        await AssertAcceptedAsync(member, canBePatched);

    [Theory]
    [InlineData("purpose", "langy"), InlineData("purpose", "none"), InlineData("routing_mode", "fallback_all")]
    [InlineData("routing_mode", "policy"), InlineData("routing_mode", "user"), InlineData("purpose", "user ")]
    public async Task Another_text_is_422(string member, string value) =>
        await AssertRefusedAsync($"\"{member}\":\"{value}\"", member, canBePatched: member != "purpose");

    [Fact]
    public async Task A_budget_is_422() => await AssertRefusedAsync(
        """
        "budget":{"limit_usd":"25","window":"day"}
        """,
        "budget",
        canBePatched: true);

    [Theory]
    [InlineData("project"), InlineData("PROJECT")]
    public async Task Scopes_may_name_the_project_of_the_key(string type)
    {
        using var project = await service.CreateProjectAsync();
        var scope = $$"""{"scope_type":"{{type}}","scope_id":"{{project.Id}}"}""";
        foreach (var scopes in new[] { $"[{scope}]", $"[{scope},{scope}]" })
        {
            var (id, _, key) = await project.CreateAsync($"\"scopes\":{scopes}");
            var updated = await project.UpdateAsync(id, $$"""{"scopes":{{scopes}}}""");
            Assert.Equal(key.ToString(), updated.ToString());
        }
    }

    [Fact]
    public async Task An_organization_id_may_be_the_one_that_a_key_shows()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var shown = Text(await project.GetKeyAsync(id), "organization_id");

        (await project.SendCreateAsync($"\"organization_id\":\"{shown}\"")).EnsureStatus(HttpStatusCode.Created);
        await project.UpdateAsync(id, $$"""{"organization_id":"{{shown}}"}""");

        foreach (var other in new[] { otherProject.Id, shown.ToUpperInvariant(), shown + " " })
        {
            var refused = await project.SendUpdateAsync(id, $$"""{"organization_id":"{{other}}"}""");
            ErrorAssert.IsError(refused, 422, "unsupported_member", naming: "organization_id");
        }
    }

    [Fact]
    public async Task Other_scopes_are_422()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        var own = $$"""{"scope_type":"project","scope_id":"{{project.Id}}"}""";
        string[] values =
        [
            $$"""[{"scope_type":"project","scope_id":"{{otherProject.Id}}"}]""",
            $$"""[{"scope_type":"team","scope_id":"{{project.Id}}"}]""",
            $$"""[{"scope_type":"organization","scope_id":"{{project.Id}}"}]""",
            $$"""[{{own}},{"scope_type":"team","scope_id":"t"}]""", $"[{own},null]", own, "[{}]",
            $$"""[{"scope_type":"project","scope_id":"{{project.Id}}","role":"viewer"}]""",
            """[{"scope_type":"project"}]""", """[{"scope_type":1,"scope_id":2}]""", """[[]]""",
        ];
        foreach (var scopes in values)
        {
            var response = await project.SendCreateAsync($"\"scopes\":{scopes}");
            ErrorAssert.IsError(response, 422, "unsupported_member", naming: "scopes");
        }

        Assert.Empty(await project.ListKeysAsync());
    }

    [Theory]
    [InlineData("\"purpose\":\"\\ud800\""), InlineData("\"trace_project_id\":\"\\udc00\"")]
    [InlineData("\"scopes\":[{\"scope_type\":\"\\ud800\",\"scope_id\":\"x\"}]")]
    [InlineData("\"scopes\":[{\"scope_type\":\"project\",\"scope_id\":\"\\ud800\"}]")]
    public async Task An_unpaired_surrogate_is_422(string member)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.SendCreateAsync(member);
        Assert.True(response.Status == HttpStatusCode.UnprocessableEntity, response.Body);
        ErrorAssert.IsWellFormed(response);
    }

    private async Task AssertAcceptedAsync(string member, bool canBePatched)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, key) = await project.CreateAsync(member);
        AssertVirtualKeyShape(key);
        if (!canBePatched) return;
        Assert.Equal(key.ToString(), (await project.UpdateAsync(id, $"{{{member}}}")).ToString());
    }

    private async Task AssertRefusedAsync(string member, string name, bool canBePatched)
    {
        using var project = await service.CreateProjectAsync();
        var created = await project.SendCreateAsync(member);
        ErrorAssert.IsError(created, 422, "unsupported_member", naming: name);
        Assert.Empty(await project.ListKeysAsync());
        if (!canBePatched) return;

        var (id, _) = await project.Client.CreateAsync();
        var before = (await project.Client.GetAsync(id)).Body;
        var updated = await project.SendUpdateAsync(id, $$"""{"name":"m",{{member}}}""");
        ErrorAssert.IsError(updated, 422, "unsupported_member", naming: name);
        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);
    }
}
