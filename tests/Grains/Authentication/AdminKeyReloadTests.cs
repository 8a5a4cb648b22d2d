using System.Net;
using KeysCluster.Hosting;
using KeysCluster.Hosting.AdminKeys;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>Admin keys with names, over HTTP, while the configuration and the time change.</summary>
public sealed class AdminKeyReloadTests
{
    private const int Reloaded = 412;
    private const int ReloadRefused = 413;

    private static readonly string Ops = AdminKeyGenerator.Create();
    private static readonly string Ci = AdminKeyGenerator.Create();

    private static readonly (string Key, string Value) OpsDigest = GetSetting("ops", Ops);
    private static readonly (string Key, string Value) CiDigest = GetSetting("ci", Ci);

    [Fact]
    public async Task Two_named_keys_and_the_plain_one_are_accepted_and_each_event_names_its_key()
    {
        await using var host = await AuthenticationTestHost.StartAsync(
            OpsDigest, CiDigest, AuthenticationTestHost.DefaultKey);

        Assert.Equal("Admin ops admin:ops", await GetActorAsync(host, Ops));
        Assert.Equal("Admin ci admin:ci", await GetActorAsync(host, Ci));
        Assert.Equal("Admin default admin", await GetActorAsync(host, AuthenticationTestHost.AdminKey));
    }

    [Fact]
    public async Task A_digest_is_not_a_key()
    {
        await using var host = await AuthenticationTestHost.StartAsync(OpsDigest);

        Assert.Equal(HttpStatusCode.Unauthorized, await host.SendAsAdminAsync(OpsDigest.Value));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.SendAsAdminAsync(OpsDigest.Value["sha256:".Length..]));
    }

    [Fact]
    public async Task A_key_that_is_added_or_removed_is_accepted_or_refused_at_the_next_request()
    {
        await using var host = await AuthenticationTestHost.StartAsync(OpsDigest);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.SendAsAdminAsync(Ci));

        host.Configuration.Replace(OpsDigest, CiDigest);
        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ops));
        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ci));

        host.Configuration.Replace(CiDigest);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.SendAsAdminAsync(Ops));
        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ci));
        Assert.Equal(
            ["Admin keys reloaded; accepted names: ci, ops.", "Admin keys reloaded; accepted names: ci."],
            host.GetMessages(Reloaded));
    }

    [Fact]
    public async Task A_reload_without_a_change_of_the_keys_is_not_logged()
    {
        await using var host = await AuthenticationTestHost.StartAsync(OpsDigest);

        host.Configuration.Replace(OpsDigest, ("Api:Other", "setting"));

        Assert.Empty(host.GetMessages(Reloaded));
    }

    [Fact]
    public async Task A_key_is_accepted_until_its_NotAfter_and_refused_after_it()
    {
        var notAfter = TestData.Start.AddHours(1);
        await using var host = await AuthenticationTestHost.StartAsync(
            OpsDigest, ("Keys:AdminKeys:ops:NotAfter", notAfter.ToString("O")));

        host.Clock.SetUtcNow(notAfter);
        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ops));
        host.Clock.Advance(TestData.Millisecond);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.SendAsAdminAsync(Ops));
    }

    [Fact]
    public async Task A_NotAfter_that_is_added_or_moved_applies_without_a_restart()
    {
        await using var host = await AuthenticationTestHost.StartAsync(OpsDigest);
        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ops));

        host.Configuration.Replace(OpsDigest, ("Keys:AdminKeys:ops:NotAfter", "2026-01-01T00:00:00Z"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.SendAsAdminAsync(Ops));

        host.Configuration.Replace(OpsDigest, ("Keys:AdminKeys:ops:NotAfter", "2030-01-01T00:00:00Z"));
        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ops));
    }

    public static TheoryData<string, string> InvalidSettings => new()
    {
        { "Keys:AdminKeys:other", "sha256:not-hex" },
        { "Keys:AdminKeys:a name", CiDigest.Value },
        { "Keys:AdminKeys:ops:NotAfter", "tomorrow" },
        { "Keys:AdminKey", "tiny-key" },
        { "Keys:AdminKeys:again", OpsDigest.Value },
    };

    [Theory]
    [MemberData(nameof(InvalidSettings))]
    public async Task A_malformed_reload_is_logged_as_an_error_and_keeps_the_previous_keys(string key, string value)
    {
        await using var host = await AuthenticationTestHost.StartAsync(OpsDigest, CiDigest);

        host.Configuration.Replace(OpsDigest, (key, value));

        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ops));
        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ci));
        var message = Assert.Single(host.GetMessages(ReloadRefused));
        Assert.DoesNotContain(value, message, StringComparison.Ordinal);

        host.Configuration.Replace(OpsDigest);
        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ops));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.SendAsAdminAsync(Ci));
    }

    [Fact]
    public async Task The_last_key_cannot_be_removed_by_a_reload()
    {
        await using var host = await AuthenticationTestHost.StartAsync(OpsDigest);

        host.Configuration.Replace();

        Assert.Equal(HttpStatusCode.OK, await host.SendAsAdminAsync(Ops));
        Assert.Contains(
            "An admin key is missing", Assert.Single(host.GetMessages(ReloadRefused)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_with_invalid_admin_keys_does_not_start()
    {
        var failure = await Assert.ThrowsAsync<StartupException>(
            () => AuthenticationTestHost.StartAsync(OpsDigest, ("Keys:AdminKeys:ci", "sha256:")));

        Assert.StartsWith("Keys:AdminKeys:ci must be", failure.Message, StringComparison.Ordinal);
    }

    private static (string Key, string Value) GetSetting(string name, string key) =>
        ($"Keys:AdminKeys:{name}", AdminKeyDigest.Compute(key).ToSetting());

    private static async Task<string> GetActorAsync(AuthenticationTestHost host, string key)
    {
        var (status, actor) = await host.SendAsync(AuthenticationTestHost.AdminPath, key);
        Assert.Equal(HttpStatusCode.OK, status);
        return actor;
    }
}
