using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Verification;

public abstract class VerifySecretTests(TestService service)
{
    [Fact]
    public async Task The_current_secret_is_active_and_its_key_is_returned()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var verdict = await AssertVerdictAsync(project, secret, valid: true, "active");
        AssertVirtualKeyShape(verdict.GetProperty("virtual_key"));
        Assert.Equal(id, Text(verdict.GetProperty("virtual_key"), "id"));
        Assert.Null(Timestamp(verdict, "valid_until"));
    }

    [Fact]
    public async Task A_replaced_secret_is_retiring_until_the_deadline_listed_in_its_key()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;
        await project.Client.RotateAsync(id);
        var listed = GetRetiringSecrets(await project.GetKeyAsync(id));

        foreach (var secret in new[] { first, second })
        {
            var verdict = await AssertVerdictAsync(project, secret, valid: true, "retiring");
            Assert.Equal(id, Text(verdict.GetProperty("virtual_key"), "id"));
            var entry = listed.Single(entry => Text(entry, "display_prefix") == secret[..DisplayPrefixLength]);
            Assert.Equal(Text(entry, "valid_until"), Text(verdict, "valid_until"));
        }
    }

    [Fact]
    public async Task Every_secret_of_a_revoked_key_is_revoked()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;
        await project.Client.RevokeAsync(id);
        foreach (var secret in new[] { first, second })
        {
            var verdict = await AssertVerdictAsync(project, secret, valid: false, "revoked");
            Assert.Equal("revoked", Text(verdict.GetProperty("virtual_key"), "status"));
            Assert.Null(Timestamp(verdict, "valid_until"));
        }
    }

    [Fact]
    public async Task A_secret_of_another_projects_key_is_not_found()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        var (_, secret) = await project.Client.CreateAsync();
        await AssertNoKeyAsync(otherProject, secret, "not_found");
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_well_formed_unknown_secret_is_not_found()
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret) = await project.Client.CreateAsync();
        await AssertNoKeyAsync(project, ForgedSecret.WithDifferentRandomPart(secret), "not_found");
        await AssertNoKeyAsync(project, ForgedSecret.WithDifferentOwner(secret), "not_found");
        await AssertNoKeyAsync(project, ForgedSecret.WithEnvironment(secret, "test"), "not_found");
    }

    [Fact]
    public async Task A_text_that_is_not_a_secret_is_malformed()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var typo = secret[..^1] + (secret[^1] == '0' ? '1' : '0');
        string[] texts =
        [
            "", " ", "x", id, project.ApiKey, typo, secret[..^1], secret + "0", " " + secret, secret + "\n",
            secret.ToLowerInvariant(), "Bearer " + secret, secret.Replace("live", "prod", StringComparison.Ordinal),
            "vk-lw-live_🔑", new string('A', 10_000), "\0",
        ];
        foreach (var text in texts) await AssertNoKeyAsync(project, text, "malformed");
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"secret":null}"""), InlineData("""{"secret":1}""")]
    [InlineData("""{"secret":["x"]}"""), InlineData("""{"secret":{"a":"b"}}""")]
    [InlineData("""{"secret":true}"""), InlineData("""{"permissions":[],"ip_address":null}""")]
    public async Task A_missing_or_non_string_secret_is_422(string body)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Verify, body);
        ErrorAssert.IsError(response, 422, "validation_failed", naming: "secret");
    }

    [Fact]
    public async Task A_valid_verdict_updates_last_used_at_but_not_the_revision()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var before = await project.GetKeyAsync(id);
        await project.Client.VerifyAsync(ForgedSecret.WithDifferentRandomPart(secret));
        Assert.Null(Timestamp(await project.GetKeyAsync(id), "last_used_at"));
        await project.Client.VerifyAsync(secret);

        var after = await project.WaitUntilUsedAsync(id);
        Assert.True(Timestamp(after, "last_used_at") >= Timestamp(before, "created_at"));
        Assert.Equal(Text(before, "revision"), Text(after, "revision"));
        Assert.Equal(Text(before, "updated_at"), Text(after, "updated_at"));
    }

    private static async Task AssertNoKeyAsync(TestProject project, string secret, string code)
    {
        var verdict = await AssertVerdictAsync(project, secret, valid: false, code);
        Assert.Equal(JsonValueKind.Null, verdict.GetProperty("virtual_key").ValueKind);
        Assert.Equal(JsonValueKind.Null, verdict.GetProperty("valid_until").ValueKind);
    }

    private static async Task<JsonElement> AssertVerdictAsync(
        TestProject project, string secret, bool valid, string code)
    {
        var verdict = await project.GetVerdictAsync(secret);
        Assert.Equal(code, Text(verdict, "code"));
        Assert.Equal(valid, verdict.GetProperty("valid").GetBoolean());
        return verdict;
    }
}
