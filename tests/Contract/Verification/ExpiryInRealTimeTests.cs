using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Verification;

/// <summary>
/// Waits for deadlines in a real process, whose clock no test controls. <c>tests/Grains</c> tests the exact deadlines
/// with a fake clock, for rules and caches.
/// </summary>
[Collection(SqliteService.CollectionName)]
public sealed class ExpiryInRealTimeTests(SqliteService service)
{
    /// <summary>Long enough for the requests that must be made before the deadline.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_secret_past_its_grace_period_is_refused_not_listed_and_cannot_be_extended()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var rotated = await project.RotateAsync(id, gracePeriodSeconds: 1);
        var secretId = Text(Assert.Single(GetRetiringSecrets(rotated.VirtualKey)), "id");
        await WaitUntilInvalidAsync(project, secret);
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(secret));
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Secret));
        Assert.Empty(GetRetiringSecrets(await project.GetKeyAsync(id)));
        var tomorrow = new { valid_until = Timestamps.FromNow(TimeSpan.FromDays(1)) };
        var refused = await project.Client.SendAsync(HttpMethod.Patch, Routes.RetiringSecret(id, secretId), tomorrow);
        ErrorAssert.IsError(refused, 404, "retiring_secret_not_found");
    }

    [Fact]
    public async Task An_expired_key_refuses_every_secret_and_a_later_expiry_or_none_makes_the_current_one_valid_again()
    {
        using var project = await service.CreateProjectAsync();
        var (extended, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(extended)).Secret;
        var (cleared, third) = await project.Client.CreateAsync();
        var expiry = Timestamps.FromNow(Lifetime);
        foreach (var id in new[] { extended, cleared })
            await project.UpdateAsync(id, $$"""{"expires_at":"{{expiry}}"}""");

        await WaitUntilInvalidAsync(project, second);
        var verdict = await project.GetVerdictAsync(second);
        Assert.Equal("expired", Text(verdict, "code"));
        Assert.False(verdict.GetProperty("valid").GetBoolean());
        Assert.Equal("active", Text(verdict.GetProperty("virtual_key"), "status"));
        Assert.Contains(await project.Client.VerifyAsync(first), new[] { "expired", "expired_secret" });
        Assert.Equal("expired", await project.Client.VerifyAsync(third));

        var tomorrow = Timestamps.FromNow(TimeSpan.FromDays(1));
        await project.UpdateAsync(extended, $$"""{"expires_at":"{{tomorrow}}"}""");
        Assert.Equal("active", await project.Client.VerifyAsync(second));
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(first));
        await project.UpdateAsync(cleared, """{"expires_at":null}""");
        Assert.Equal("active", await project.Client.VerifyAsync(third));
    }

    [Fact]
    public async Task The_filter_for_retiring_secrets_follows_their_deadlines()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        (await project.RotateAsync(id, (int)Lifetime.TotalSeconds)).EnsureStatus(HttpStatusCode.OK);
        Assert.Single(await project.ListKeysAsync("?has_retiring_secrets=true"));
        Assert.Empty(await project.ListKeysAsync("?has_retiring_secrets=false"));

        await WaitUntilInvalidAsync(project, secret);
        Assert.Empty(await project.ListKeysAsync("?has_retiring_secrets=true"));
        Assert.Single(await project.ListKeysAsync("?has_retiring_secrets=false"));
    }

    private static Task WaitUntilInvalidAsync(TestProject project, string secret) => Wait.UntilAsync(
        async () => !(await project.GetVerdictAsync(secret)).GetProperty("valid").GetBoolean());
}
