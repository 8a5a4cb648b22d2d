using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Verification;

/// <summary>A key is valid for a use only if it has every permission that the use requires.</summary>
public abstract class VerifyPermissionsTests(TestService service)
{
    private const string Insufficient = "insufficient_permissions";

    [Theory]
    [InlineData("", "", ""), InlineData("a", "", ""), InlineData("a b", "a", ""), InlineData("a b", "b a a", "")]
    [InlineData("*", "a b:c *", ""), InlineData("a:*", "a:b a:b:c a: a:*", ""), InlineData("a:b*", "a:b a:bc", "")]
    [InlineData("", "b a", "b a"), InlineData("a", "b a c", "b c"), InlineData("a", "A", "A")]
    [InlineData("A", "a", "a"), InlineData("a", "ab", "ab"), InlineData("ab", "a", "a")]
    [InlineData("a:*", "a b:c aa:", "a b:c aa:"), InlineData("a:b", "a:* *", "a:* *")]
    [InlineData("a:* b", "b a:c d", "d")]
    public async Task A_verdict_names_the_required_permissions_that_the_key_lacks(
        string granted, string required, string missing)
    {
        using var project = await service.CreateProjectAsync();
        var permissions = JsonSerializer.Serialize(Split(granted));
        var (id, secret, _) = await project.CreateAsync($"\"permissions\":{permissions}");

        var verdict = await project.GetVerdictAsync(secret, Split(required));

        Assert.Equal(missing.Length == 0 ? "active" : Insufficient, Text(verdict, "code"));
        Assert.Equal(missing.Length == 0, verdict.GetProperty("valid").GetBoolean());
        Assert.Equal(Split(missing), GetMissing(verdict));
        AssertVirtualKeyShape(verdict.GetProperty("virtual_key"));
        Assert.Equal(id, Text(verdict.GetProperty("virtual_key"), "id"));
        Assert.Equal(Text(verdict.GetProperty("virtual_key"), "secret_id"), Text(verdict, "secret_id"));
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_retiring_secret_needs_the_permissions_too_and_keeps_its_deadline()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret, _) = await project.CreateAsync("\"permissions\":[\"a\"]");
        var retiring = GetRetiringSecrets((await project.Client.RotateAsync(id)).VirtualKey)[0];

        Assert.Equal("retiring", Text(await project.GetVerdictAsync(secret, ["a"]), "code"));
        var verdict = await project.GetVerdictAsync(secret, ["a", "b"]);

        Assert.Equal(Insufficient, Text(verdict, "code"));
        Assert.Equal(Text(retiring, "id"), Text(verdict, "secret_id"));
        Assert.Equal(Text(retiring, "valid_until"), Text(verdict, "valid_until"));
    }

    [Fact]
    public async Task A_secret_that_is_invalid_anyway_has_its_own_code_and_no_missing_permissions()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        await AssertCodeAsync("malformed", "x");
        await AssertCodeAsync("not_found", ForgedSecret.WithDifferentRandomPart(secret));
        (await project.Client.DisableAsync(id)).EnsureStatus(HttpStatusCode.OK);
        await AssertCodeAsync("disabled", secret);
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        await AssertCodeAsync("revoked", secret);

        async Task AssertCodeAsync(string code, string presented)
        {
            var verdict = await project.GetVerdictAsync(presented, ["a"], "10.0.0.1");
            Assert.Equal(code, Text(verdict, "code"));
            Assert.Empty(GetMissing(verdict));
        }
    }

    [Fact]
    public async Task A_use_that_is_refused_for_its_permissions_does_not_update_last_used_at()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var (otherId, otherSecret) = await project.Client.CreateAsync();
        for (var i = 0; i < 2; i++) await project.GetVerdictAsync(secret, ["a"]);
        await project.Client.VerifyAsync(otherSecret);
        await project.WaitUntilUsedAsync(otherId);
        Assert.Null(Timestamp(await project.GetKeyAsync(id), "last_used_at"));
    }

    private static string[] Split(string permissions) =>
        permissions.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string?> GetMissing(JsonElement verdict) =>
        verdict.GetProperty("missing_permissions").EnumerateArray().Select(permission => permission.GetString());
}
